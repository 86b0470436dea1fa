import type { Pipeline } from '@xvision/contracts';
import { useCollections } from '../api/collections.js';
import { useMayAct } from '../api/session.js';
import { useLive } from '../live.js';
import { Answered, Loading } from '../parts/answers.js';
import { CollectionTable } from '../parts/collection-table.js';
import { ConsumerTable } from '../parts/consumer-table.js';
import { Marks } from '../parts/marks.js';
import { StageStrip } from '../parts/stage-strip.js';
import { StartJob } from '../parts/start-job.js';
import { Link } from '../router.js';
import { text } from '../texts/overview.js';
import { count } from '../words.js';

/** What is going on now, from the first image to the last report. */
export function OverviewPage() {
  const { pipeline, failed } = useLive();
  const collections = useCollections();
  const mayAct = useMayAct();
  return (
    <>
      <div className="heading">
        <h1>
          {text.title} <Marks synthetic={pipeline?.synthetic === true} />
        </h1>
        {mayAct && <StartJob />}
      </div>
      {pipeline !== undefined && <StageStrip pipeline={pipeline} />}
      {pipeline === undefined && !failed && <Loading what={text.pipeline} />}
      {pipeline === undefined && failed && (
        <p className="failure" role="alert">
          {text.pipelineAway}
        </p>
      )}
      <section aria-labelledby="collections">
        <h2 id="collections">{text.collections}</h2>
        <Answered answer={collections} what={text.theCollections}>
          {({ items }) => <CollectionTable collections={items} />}
        </Answered>
      </section>
      {pipeline !== undefined && <Lag pipeline={pipeline} />}
    </>
  );
}

function Lag({ pipeline: { consumers, outbox, deadLettersOpen } }: { pipeline: Pipeline }) {
  return (
    <section aria-labelledby="consumers">
      <h2 id="consumers">{text.lag}</h2>
      <ConsumerTable consumers={consumers} />
      <dl className="facts">
        <dt>{text.outbox}</dt>
        <dd>{count(outbox.unpublished)}</dd>
        <dt>{text.deadLetters}</dt>
        <dd className={deadLettersOpen > 0 ? 'bad' : undefined}>
          {deadLettersOpen > 0 ? <Link href="/dead-letters">{count(deadLettersOpen)}</Link> : count(deadLettersOpen)}
        </dd>
      </dl>
    </section>
  );
}
