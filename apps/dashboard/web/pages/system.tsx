import type { System } from '@xvision/contracts';
import { useStorage, useSystem } from '../api/system.js';
import { useLive } from '../live.js';
import { Answered } from '../parts/answers.js';
import { ConsumerTable } from '../parts/consumer-table.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { Marks } from '../parts/marks.js';
import { ServiceHistory } from '../parts/service-history.js';
import { Link } from '../router.js';
import { text } from '../texts/system.js';
import { count, moment, shortHash, size } from '../words.js';

type Engine = System['engines'][number];

const ENGINES: readonly DataColumn<Engine>[] = [
  { name: text.engine, by: (one) => one.engine, cell: (one) => one.engine },
  {
    name: text.weights,
    cell: ({ weights, trained }) => (
      <>
        <code title={weights}>{shortHash(weights)}</code> <Marks synthetic={false} untrained={trained === false} />
      </>
    ),
  },
  { name: text.features, by: (one) => one.features, cell: (one) => count(one.features), number: true },
  { name: text.last, by: (one) => one.lastAt, cell: (one) => moment(one.lastAt) },
];

/** What runs here, how it is, and what it holds. */
export function SystemPage() {
  const system = useSystem();
  const { pipeline } = useLive();
  return (
    <>
      <h1>{text.title}</h1>
      <Answered answer={system} what={text.system}>
        {(found) => <Versions system={found} />}
      </Answered>
      <ServiceHistory />
      {pipeline !== undefined && (
        <section aria-labelledby="consumers">
          <h2 id="consumers">{text.consumers}</h2>
          <ConsumerTable consumers={pipeline.consumers} />
        </section>
      )}
      <StorageFacts />
      <Answered answer={system} what={text.system}>
        {({ engines }) => (
          <section aria-labelledby="engines">
            <h2 id="engines">{text.engines}</h2>
            {engines.length === 0 ? (
              <p className="empty">{text.noFeature}</p>
            ) : (
              <DataTable columns={ENGINES} items={engines} keyOf={(one) => `${one.engine} ${one.weights}`} />
            )}
          </section>
        )}
      </Answered>
    </>
  );
}

function Versions({ system }: { system: System }) {
  const { version, node, postgres, nats, authentication } = system;
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{text.versions}</h2>
      <dl className="facts">
        <dt>{text.version}</dt>
        <dd>{text.onNode(version, node)}</dd>
        <dt>{text.postgres}</dt>
        <dd>{postgres}</dd>
        <dt>{text.nats}</dt>
        <dd className={nats === null ? 'bad' : undefined}>{nats ?? text.away}</dd>
        <dt>{text.access}</dt>
        <dd>{text.authentication[authentication]}</dd>
        <dt>{text.api}</dt>
        <dd>
          <Link href="/api-reference">{text.reference}</Link>
        </dd>
      </dl>
    </section>
  );
}

function StorageFacts() {
  const storage = useStorage();
  return (
    <section aria-labelledby="storage">
      <h2 id="storage">{text.storage}</h2>
      <Answered answer={storage} what={text.theStorage}>
        {({ database, blobs }) => (
          <dl className="facts">
            <dt>{text.database}</dt>
            <dd>{size(database.bytes)}</dd>
            <dt>{text.blobs}</dt>
            <dd>
              {blobs === null
                ? text.counting
                : text.blobsOf(count(blobs.count), size(blobs.bytes), moment(blobs.measuredAt))}
            </dd>
          </dl>
        )}
      </Answered>
    </section>
  );
}
