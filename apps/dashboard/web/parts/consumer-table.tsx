import type { Pipeline } from '@xvision/contracts';
import { text } from '../texts/overview.js';
import { count } from '../words.js';
import { type DataColumn, DataTable } from './data-table.js';

type Consumer = NonNullable<Pipeline['consumers']>[number];

const COLUMNS: readonly DataColumn<Consumer>[] = [
  { name: text.consumer.name, by: (one) => one.consumer, cell: (one) => one.consumer },
  { name: text.consumer.stream, by: (one) => one.stream, cell: (one) => one.stream },
  { name: text.consumer.pending, number: true, by: (one) => one.pending, cell: (one) => count(one.pending) },
  { name: text.consumer.ackPending, number: true, by: (one) => one.ackPending, cell: (one) => count(one.ackPending) },
  {
    name: text.consumer.redelivered,
    number: true,
    by: (one) => one.redelivered,
    cell: (one) => count(one.redelivered),
  },
];

/** Lag per consumer, as the broker tells it. */
export function ConsumerTable({ consumers }: { consumers: Pipeline['consumers'] }) {
  if (consumers === null) return <p className="failure">{text.brokerAway}</p>;
  if (consumers.length === 0) return <p className="empty">{text.noConsumer}</p>;
  return <DataTable columns={COLUMNS} items={consumers} keyOf={(one) => `${one.stream}/${one.consumer}`} />;
}
