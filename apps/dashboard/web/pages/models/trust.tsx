import type { TrustVerdict } from '@xvision/contracts';
import { useModelTrust } from '../../api/images.js';
import { Answered } from '../../parts/answers.js';
import { type DataColumn, DataTable } from '../../parts/data-table.js';
import { text } from '../../texts/models.js';

const words = text.trust;

const COLUMNS: readonly DataColumn<TrustVerdict>[] = [
  { name: words.method, by: (one) => one.method, cell: (one) => one.method },
  {
    name: words.verdict,
    by: (one) => one.verdict,
    cell: ({ verdict }) => <span className={`verdict ${verdict}`}>{words.verdicts[verdict]}</span>,
  },
  { name: words.images, number: true, by: (one) => one.images, cell: (one) => one.images ?? '' },
  { name: words.why, cell: (one) => <span className="prose">{one.sentence}</span> },
];

/** Which maps of this model are evidence, which are not, and which were never tested. */
export function Trust({ model }: { model: string }) {
  const trust = useModelTrust(model);
  return (
    <section aria-labelledby="trust">
      <h2 id="trust">{words.title}</h2>
      <Answered answer={trust} what={words.title}>
        {({ verdicts, unexplainable }) =>
          unexplainable === null ? (
            <>
              <DataTable columns={COLUMNS} items={verdicts} keyOf={(one) => one.method} none={words.none} />
              <p className="hint">
                {words.make} <code>{words.makeCommand(model)}</code>
              </p>
            </>
          ) : (
            <p className="empty">{words.unexplainable(unexplainable)}</p>
          )
        }
      </Answered>
    </section>
  );
}
