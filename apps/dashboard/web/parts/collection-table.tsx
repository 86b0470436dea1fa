import type { Collection } from '@xvision/contracts';
import { Link } from '../router.js';
import { text } from '../texts/overview.js';
import { count } from '../words.js';
import { type DataColumn, DataTable } from './data-table.js';
import { Marks } from './marks.js';

const words = text.collection;

const COLUMNS: readonly DataColumn<Collection>[] = [
  { name: words.name, by: (one) => one.name, cell: (one) => <Name collection={one} /> },
  { name: words.source, by: (one) => one.source, cell: (one) => one.source },
  { name: words.state, by: (one) => stateOf(one), cell: (one) => <State collection={one} /> },
  { name: words.collected, number: true, by: (one) => one.counts.collected, cell: (one) => <Collected of={one} /> },
  {
    name: words.prepared,
    number: true,
    by: (one) => one.counts.prepared,
    cell: (one) => count(one.counts.prepared),
  },
  {
    name: words.rejected,
    number: true,
    by: (one) => one.counts.rejected,
    cell: (one) => count(one.counts.rejected),
  },
  {
    name: words.extracted,
    number: true,
    by: (one) => one.counts.extracted,
    cell: (one) => count(one.counts.extracted),
  },
];

export function CollectionTable({ collections }: { collections: readonly Collection[] }) {
  if (collections.length === 0) {
    return (
      <p className="empty">
        {text.noCollection} <code>{text.collectOpeni}</code> {text.or} <code>{text.collectFolder}</code>.
      </p>
    );
  }
  return <DataTable columns={COLUMNS} items={collections} keyOf={(one) => one.id} />;
}

function Name({ collection: { id, name, synthetic, purpose } }: { collection: Collection }) {
  return (
    <>
      <Link href={`/images?collection=${id}`}>{name}</Link> <Marks synthetic={synthetic} />
      {purpose !== 'dataset' && (
        <small>{purpose === 'prediction' ? words.purpose.prediction : words.purpose.export}</small>
      )}
    </>
  );
}

const stateOf = ({ settled, state }: Collection): string => (settled ? words.settled : state);

function State({ collection }: { collection: Collection }) {
  const { settled, state, message } = collection;
  return (
    <>
      <span className={`pill ${settled ? 'evaluated' : state}`}>{stateOf(collection)}</span>
      {message !== null && <small className="message">{message}</small>}
    </>
  );
}

function Collected({ of: { counts, expected } }: { of: Collection }) {
  return (
    <>
      {count(counts.collected)}
      {expected !== null && expected !== counts.collected && <small>{words.of(count(expected))}</small>}
    </>
  );
}
