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
  const { pipeline } = useLive();
  const collections = useCollections();
  const mayAct = useMayAct();
  if (pipeline === undefined) return <Loading what={text.pipeline} />;
  const { outbox, deadLettersOpen } = pipeline;
  return (
    <>
      <div className="heading">
        <h1>
          {text.title} <Marks synthetic={pipeline.synthetic} />
        </h1>
        {mayAct && <StartJob />}
      </div>
      <StageStrip pipeline={pipeline} />
      <section aria-labelledby="collections">
        <h2 id="collections">{text.collections}</h2>
        <Answered answer={collections} what={text.theCollections}>
          {({ items }) => <CollectionTable collections={items} />}
        </Answered>
      </section>
      <section aria-labelledby="consumers">
        <h2 id="consumers">{text.lag}</h2>
        <ConsumerTable consumers={pipeline.consumers} />
        <dl className="facts">
          <dt>{text.outbox}</dt>
          <dd>{count(outbox.unpublished)}</dd>
          <dt>{text.deadLetters}</dt>
          <dd className={deadLettersOpen > 0 ? 'bad' : undefined}>
            {deadLettersOpen > 0 ? <Link href="/dead-letters">{count(deadLettersOpen)}</Link> : count(deadLettersOpen)}
          </dd>
        </dl>
      </section>
    </>
  );
}
