import type { Collection } from '@xvision/contracts';
import { type Amount, type Answers, AT, further, idOf, many, pageOf } from './amount.js';

/** What the API tells of collections. */
export function collectionAnswers(amount: Amount): Answers {
  const { count, words } = amount;
  const collection = (n: number): Collection => ({
    id: idOf(n),
    name: words(`collection ${n}`),
    source: 'folder',
    purpose: 'dataset',
    state: 'harvested',
    synthetic: true,
    expected: count,
    message: words('three records could not be fetched'),
    counts: { collected: count, prepared: count, rejected: count, extracted: count },
    settled: n > 0,
    createdAt: AT,
  });
  return [
    [/^\/api\/collections$/, pageOf(many(amount, collection, 100), further(amount))],
    [/^\/api\/collections\/[^/]+$/, collection(0)],
  ];
}
