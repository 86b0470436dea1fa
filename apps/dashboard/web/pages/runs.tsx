import type { Run, RunState } from '@xvision/contracts';
import { useLosses, useRunFacets, useRunPage, useTrainingRuns } from '../api/runs.js';
import { Answered } from '../parts/answers.js';
import { Choice } from '../parts/choice.js';
import type { DataColumn } from '../parts/data-table.js';
import { Interval } from '../parts/interval.js';
import { LossCurve } from '../parts/loss-curve.js';
import { Marks, Notice, StatePill } from '../parts/marks.js';
import { PagedTable } from '../parts/paged-table.js';
import { Pager } from '../parts/pager.js';
import { given, go, Link, stayAt, useAddress, withParameters } from '../router.js';
import { text } from '../texts/runs.js';
import { moment } from '../words.js';

const FILTERS = ['task', 'state', 'tag', 'search'] as const;

export function RunsPage() {
  const address = useAddress();
  const runs = useRunPage(given(address.searchParams, [...FILTERS, 'cursor']));
  const filtered = FILTERS.some((name) => address.searchParams.has(name));
  return (
    <>
      <h1>{text.title}</h1>
      <Answered answer={runs} what={text.runs}>
        {({ items, next }) =>
          items.length === 0 && !filtered && !address.searchParams.has('cursor') ? (
            <p className="empty">
              {text.none} <code>{text.command}</code>.
            </p>
          ) : (
            <RunList runs={items} next={next} address={address} />
          )
        }
      </Answered>
    </>
  );
}

interface RunListProps {
  readonly runs: readonly Run[];
  readonly next: string | null;
  readonly address: URL;
}

function RunList({ runs, next, address }: RunListProps) {
  const picked = address.searchParams.getAll('pick');
  return (
    <>
      <Notice />
      <Filters address={address} />
      <div className="acts">
        <button
          type="button"
          disabled={picked.length < 2}
          onClick={() => go(`/runs/compare?${new URLSearchParams(picked.map((id) => ['run', id]))}`)}
        >
          {text.compare(picked.length)}
        </button>
      </div>
      {runs.length === 0 ? (
        <p className="empty">{text.noneFits}</p>
      ) : (
        <PagedTable columns={COLUMNS} items={runs} keyOf={(run) => run.id} next={next} />
      )}
      <Pager next={next} words={text} />
      <Running />
    </>
  );
}

const STATES: readonly RunState[] = ['waiting', 'requested', 'training', 'trained', 'evaluated', 'failed'];

function Filters({ address }: { address: URL }) {
  const facets = useRunFacets().data;
  const same = (values: readonly string[] = []) => values.map((one) => [one, one] as const);
  const choose = (name: string) => (value: string) => go(withParameters(address, { [name]: value }));
  const valueOf = (name: string) => address.searchParams.get(name) ?? '';
  return (
    <search className="filters">
      <Choice label={text.task} value={valueOf('task')} options={same(facets?.tasks)} choose={choose('task')} />
      <Choice label={text.state} value={valueOf('state')} options={same(STATES)} choose={choose('state')} />
      <Choice label={text.tags} value={valueOf('tag')} options={same(facets?.tags)} choose={choose('tag')} />
      <label className="choice">
        <small>{text.search}</small>
        <input
          type="search"
          value={valueOf('search')}
          onChange={(event) => stayAt(withParameters(address, { search: event.target.value }))}
        />
      </label>
    </search>
  );
}

const COLUMNS: readonly DataColumn<Run>[] = [
  {
    name: text.task,
    by: (run) => run.task,
    cell: (run) => (
      <>
        <Link href={`/runs/${run.id}`}>{run.task}</Link>{' '}
        <Marks synthetic={run.synthetic} untrained={run.report?.untrainedBackbone === true} />
        {run.note !== '' && <small className="message">{run.note}</small>}
      </>
    ),
  },
  { name: text.pick, cell: (run) => <Pick run={run} /> },
  {
    name: text.state,
    by: (run) => run.state,
    cell: (run) => (
      <>
        <StatePill state={run.state} />
        {run.message !== null && <small className="message">{run.message}</small>}
      </>
    ),
  },
  {
    name: text.head,
    by: (run) => run.settings.head,
    cell: (run) => <span className="whole">{text.headAndSeed(run.settings.head, run.settings.seed)}</span>,
  },
  {
    name: text.auc,
    by: (run) => run.report?.metrics.auc.value ?? null,
    cell: (run) => run.report !== null && <Interval of={run.report.metrics.auc} />,
    number: true,
  },
  {
    name: text.baseline,
    by: (run) => run.report?.metrics.baseline?.auc.value ?? null,
    cell: (run) => run.report?.metrics.baseline && <Interval of={run.report.metrics.baseline.auc} />,
    number: true,
  },
  {
    name: text.tags,
    by: (run) => run.tags.join(' '),
    cell: (run) =>
      run.tags.map((tag) => (
        <span key={tag} className="tag" title={tag}>
          {tag}
        </span>
      )),
  },
  {
    name: text.asked,
    by: (run) => run.createdAt,
    cell: (run) => <time dateTime={run.createdAt}>{moment(run.createdAt)}</time>,
  },
];

/** What is picked stands in the address, so that a choice can be sent to somebody. */
function Pick({ run }: { run: Run }) {
  const address = useAddress();
  const picked = address.searchParams.getAll('pick');
  const toggle = () => {
    const next = new URLSearchParams(address.search);
    next.delete('pick');
    const now = picked.includes(run.id) ? picked.filter((id) => id !== run.id) : [...picked, run.id];
    for (const id of now) next.append('pick', id);
    stayAt(`${address.pathname}?${next}`);
  };
  return (
    <input
      type="checkbox"
      aria-label={text.pickRun(run.task, moment(run.createdAt))}
      checked={picked.includes(run.id)}
      onChange={toggle}
    />
  );
}

const SHOWN_TRAINING = 4;

function Running() {
  const training = useTrainingRuns(SHOWN_TRAINING);
  if (training.length === 0) return null;
  return (
    <section aria-labelledby="running">
      <h2 id="running">{text.running}</h2>
      {training.map((run) => (
        <RunningLoss key={run.id} run={run} />
      ))}
    </section>
  );
}

function RunningLoss({ run }: { run: Run }) {
  const losses = useLosses(run.id);
  return (
    <>
      <h3>
        <Link href={`/runs/${run.id}`}>{run.task}</Link>
      </h3>
      <Answered answer={losses} what={text.losses}>
        {(found) => <LossCurve losses={found} head={run.settings.head} />}
      </Answered>
    </>
  );
}
