import { useCollections, useSystem } from '../api.js';
import type { Live } from '../live.js';
import { Answered, Loading } from '../parts/answers.js';
import { CollectionTable } from '../parts/collection-table.js';
import { ConsumerTable } from '../parts/consumer-table.js';
import { Marks } from '../parts/marks.js';
import { StageStrip } from '../parts/stage-strip.js';
import { count, shortHash } from '../words.js';

/** What is going on now, from the first image to the last report. */
export function FlowPage({ live: { pipeline } }: { live: Live }) {
  const collections = useCollections();
  if (pipeline === undefined) return <Loading what="the pipeline" />;
  const { outbox, deadLettersOpen } = pipeline;
  return (
    <>
      <h1>
        Flow <Marks synthetic={pipeline.synthetic} />
      </h1>
      <StageStrip pipeline={pipeline} />
      <section aria-labelledby="collections">
        <h2 id="collections">Collections</h2>
        <Answered answer={collections} what="the collections">
          {({ items }) => <CollectionTable collections={items} />}
        </Answered>
      </section>
      <section aria-labelledby="consumers">
        <h2 id="consumers">Lag per service</h2>
        <ConsumerTable consumers={pipeline.consumers} />
        <dl className="facts">
          <dt>Events not yet handed to the broker</dt>
          <dd>{count(outbox.unpublished)}</dd>
          <dt>Open dead letters</dt>
          <dd className={deadLettersOpen > 0 ? 'bad' : undefined}>{count(deadLettersOpen)}</dd>
        </dl>
      </section>
      <Engines />
    </>
  );
}

function Engines() {
  const system = useSystem();
  return (
    <section aria-labelledby="system">
      <h2 id="system">System</h2>
      <Answered answer={system} what="the system">
        {({ version, node, postgres, nats, engines }) => (
          <dl className="facts">
            <dt>Xvision</dt>
            <dd>
              {version} on Node {node}
            </dd>
            <dt>PostgreSQL</dt>
            <dd>{postgres}</dd>
            <dt>NATS</dt>
            <dd>{nats ?? 'does not answer'}</dd>
            {engines.map(({ engine, weights, trained, features }) => (
              <div key={`${engine} ${weights}`} className="fact">
                <dt>Features</dt>
                <dd>
                  {count(features)} by {engine}, weights <code>{shortHash(weights)}</code>{' '}
                  <Marks synthetic={false} untrained={trained === false} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Answered>
    </section>
  );
}
