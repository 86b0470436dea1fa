import type { DeadLetterAct } from '@xvision/contracts';
import { useDeadLetterActs } from '../api/dead-letters.js';
import { text } from '../texts/dead-letters.js';
import { count, moment } from '../words.js';
import { Answered } from './answers.js';
import { type DataColumn, DataTable } from './data-table.js';

const COLUMNS: readonly DataColumn<DeadLetterAct>[] = [
  {
    name: text.when,
    by: (act) => act.createdAt,
    cell: ({ createdAt }) => <time dateTime={createdAt}>{moment(createdAt)}</time>,
  },
  { name: text.who, by: (act) => act.who, cell: (act) => act.who },
  { name: text.what, by: (act) => act.act, cell: (act) => text.acted[act.act] },
  { name: text.count, by: (act) => act.letters, cell: (act) => count(act.letters), number: true },
  { name: text.chosenBy, cell: chosenBy },
  { name: text.why, cell: (act) => <span className="message">{act.reason}</span> },
];

/** Who re-drove or discarded what, and why; newest first. */
export function LetterTrail() {
  const acts = useDeadLetterActs();
  return (
    <section aria-labelledby="trail">
      <h2 id="trail">{text.trail}</h2>
      <Answered answer={acts} what={text.theTrail}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{text.noAct}</p>
          ) : (
            <DataTable columns={COLUMNS} items={items} keyOf={(act) => act.id} />
          )
        }
      </Answered>
    </section>
  );
}

function chosenBy({ matching }: DeadLetterAct): string {
  if (matching === null) return text.byHand;
  const named = Object.values(matching).filter((value) => value !== undefined);
  return named.length === 0 ? text.everything : named.join(', ');
}
