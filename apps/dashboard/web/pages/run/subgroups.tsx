import type { FoldResult, RunSubgroups, Subgroup } from '@xvision/contracts';
import { type DataColumn, DataTable } from '../../parts/data-table.js';
import { Interval } from '../../parts/interval.js';
import { text } from '../../texts/run.js';
import { count } from '../../words.js';

const FIGURES = ['auc', 'accuracy', 'sensitivity', 'specificity'] as const;

const GROUPS: readonly DataColumn<Subgroup>[] = [
  {
    name: text.group,
    by: (row) => `${row.by} ${row.group}`,
    cell: (row) => (row.by === 'all' ? text.everyImage : `${text.by[row.by]}: ${row.group}`),
  },
  { name: text.n, by: (row) => row.images, cell: (row) => count(row.images), number: true },
  { name: text.patients, by: (row) => row.patients, cell: (row) => count(row.patients), number: true },
  ...FIGURES.map(
    (name): DataColumn<Subgroup> => ({
      name: text[name],
      by: (row) => row[name].value,
      cell: (row) => <Interval of={row[name]} />,
      number: true,
    }),
  ),
];

const FOLDS: readonly DataColumn<FoldResult>[] = [
  { name: text.foldName, by: (row) => row.repeat * 1000 + row.fold, cell: (row) => text.fold(row.repeat, row.fold) },
  { name: text.n, by: (row) => row.images, cell: (row) => count(row.images), number: true },
  { name: text.patients, by: (row) => row.patients, cell: (row) => count(row.patients), number: true },
  { name: text.auc, by: (row) => row.auc.value, cell: (row) => <Interval of={row.auc} />, number: true },
  { name: text.accuracy, by: (row) => row.accuracy.value, cell: (row) => <Interval of={row.accuracy} />, number: true },
];

/** How evenly the model sees, and how much the folds differ. */
export function Subgroups({ found: { subgroups, folds } }: { found: RunSubgroups }) {
  return (
    <>
      <section aria-labelledby="subgroups">
        <h2 id="subgroups">{text.subgroupsTitle}</h2>
        <p className="hint">{text.subgroupsHint}</p>
        <DataTable columns={GROUPS} items={subgroups} keyOf={(row) => `${row.by} ${row.group}`} />
      </section>
      {folds.length > 1 && (
        <section aria-labelledby="folds">
          <h2 id="folds">{text.foldsTitle}</h2>
          <DataTable columns={FOLDS} items={folds} keyOf={(row) => `${row.repeat} ${row.fold}`} />
        </section>
      )}
    </>
  );
}
