import type { Model } from '@xvision/contracts';
import { useModels } from '../api/models.js';
import { Answered } from '../parts/answers.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { Marks } from '../parts/marks.js';
import { Link } from '../router.js';
import { text } from '../texts/models.js';
import { moment, shortHash } from '../words.js';

/** Every model with the stage that it is in. */
export function ModelsPage() {
  const models = useModels();
  return (
    <>
      <h1>{text.title}</h1>
      <Answered answer={models} what={text.models}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{text.none}</p>
          ) : (
            <DataTable columns={COLUMNS} items={items} keyOf={(model) => model.id} />
          )
        }
      </Answered>
    </>
  );
}

const headOf = ({ card: { head } }: Model): string => (typeof head === 'string' ? head : '');

const COLUMNS: readonly DataColumn<Model>[] = [
  {
    name: text.task,
    by: (model) => model.task,
    cell: (model) => (
      <>
        <Link href={`/models/${model.id}`}>{model.task}</Link>{' '}
        <Marks synthetic={model.synthetic} untrained={model.untrainedBackbone} />
      </>
    ),
  },
  {
    name: text.stage,
    by: (model) => model.stage,
    cell: (model) => <span className={`pill stage-${model.stage}`}>{text.stages[model.stage]}</span>,
  },
  { name: text.head, by: (model) => headOf(model), cell: (model) => headOf(model) },
  {
    name: text.run,
    cell: (model) => (model.runId === null ? '' : <Link href={`/runs/${model.runId}`}>{model.runId.slice(0, 8)}</Link>),
  },
  { name: text.dataset, cell: (model) => <code title={model.dataset}>{shortHash(model.dataset)}</code> },
  {
    name: text.created,
    by: (model) => model.createdAt,
    cell: (model) => <time dateTime={model.createdAt}>{moment(model.createdAt)}</time>,
  },
];
