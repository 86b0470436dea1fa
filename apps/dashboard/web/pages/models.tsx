import type { Model, ModelStage } from '@xvision/contracts';
import { useModelPage } from '../api/models.js';
import { Answered } from '../parts/answers.js';
import { Choice } from '../parts/choice.js';
import type { DataColumn } from '../parts/data-table.js';
import { Marks, Notice } from '../parts/marks.js';
import { headOf } from '../parts/model-name.js';
import { PagedTable } from '../parts/paged-table.js';
import { Pager } from '../parts/pager.js';
import { given, go, Link, useAddress, withParameters } from '../router.js';
import { text } from '../texts/models.js';
import { decimal, moment, shortHash, shortId } from '../words.js';

const STAGES: readonly ModelStage[] = ['candidate', 'production', 'retired', 'none'];

/** Every model with the stage that it is in, page by page. */
export function ModelsPage() {
  const address = useAddress();
  const { searchParams } = address;
  const stage = searchParams.get('stage') ?? '';
  const models = useModelPage(given(searchParams, ['stage', 'cursor']));
  return (
    <>
      <h1>{text.title}</h1>
      <Notice />
      <search className="filters">
        <Choice
          label={text.stage}
          value={stage}
          options={STAGES.map((one) => [one, text.stages[one]])}
          choose={(chosen) => go(withParameters(address, { stage: chosen }))}
        />
      </search>
      <Answered answer={models} what={text.models}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <p className="empty">{stage === '' ? text.none : text.noneFits}</p>}
            {items.length > 0 && <PagedTable columns={COLUMNS} items={items} keyOf={(model) => model.id} next={next} />}
            <Pager next={next} words={text} />
          </>
        )}
      </Answered>
    </>
  );
}

/** From which probability on it calls an image positive. */
function pointOf({ profile }: Model): string {
  const point = profile?.operatingPoint;
  return point === null || point === undefined ? '' : text.pointFrom(point.class, decimal(point.threshold));
}

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
    cell: ({ stage, promotedBy, promotedAt }) => (
      <>
        <span className={`pill stage-${stage}`}>{text.stages[stage]}</span>
        {promotedBy !== null && promotedAt !== null && (
          <small className="message">{text.promotedBy(promotedBy, moment(promotedAt))}</small>
        )}
      </>
    ),
  },
  { name: text.head, by: (model) => headOf(model), cell: (model) => <span className="whole">{headOf(model)}</span> },
  {
    name: text.run,
    cell: (model) =>
      model.runId === null ? (
        ''
      ) : (
        <Link className="whole" href={`/runs/${model.runId}`}>
          {shortId(model.runId)}
        </Link>
      ),
  },
  { name: text.point, by: (model) => model.profile?.operatingPoint?.threshold ?? null, cell: pointOf },
  {
    name: text.dataset,
    cell: (model) => (
      <code className="whole" title={model.dataset}>
        {shortHash(model.dataset)}
      </code>
    ),
  },
  {
    name: text.created,
    by: (model) => model.createdAt,
    cell: (model) => <time dateTime={model.createdAt}>{moment(model.createdAt)}</time>,
  },
];
