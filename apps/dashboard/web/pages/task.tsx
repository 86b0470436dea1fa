import type { TaskDetail } from '@xvision/contracts';
import { useTask } from '../api/tasks.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { text } from '../texts/tasks.js';
import { count, moment, shortHash } from '../words.js';
import { RuleEditor } from './tasks/rule-editor.js';
import { splitText } from './tasks/split-text.js';

export function TaskPage({ id }: PageProps) {
  const task = useTask(decodeURIComponent(id));
  return (
    <Answered answer={task} what={text.theTask}>
      {(found) => <TaskView detail={found} />}
    </Answered>
  );
}

function TaskView({ detail }: { detail: TaskDetail }) {
  const { task, versions } = detail;
  return (
    <>
      <h1>{task.name}</h1>
      {task.description !== undefined && <p>{task.description}</p>}
      <p>
        <small>{text.split}</small> {splitText(task.split)} <small>{text.views}</small> {task.views.join(', ')}
      </p>
      {task.labelRule === 'seed' ? (
        <p className="empty">{text.seedRule}</p>
      ) : (
        <RuleEditor key={versions[0]?.version ?? 0} saved={task} />
      )}
      <Datasets detail={detail} />
      <Versions detail={detail} />
    </>
  );
}

const DATASETS: readonly DataColumn<TaskDetail['datasets'][number]>[] = [
  { name: text.dataset, cell: ({ sha256 }) => <code title={sha256}>{shortHash(sha256)}</code> },
  { name: text.images, by: (one) => one.images, cell: (one) => count(one.images), number: true },
  { name: text.patients, by: (one) => one.patients, cell: (one) => count(one.patients), number: true },
  { name: text.classes, cell: ({ perClass }) => classesOf(perClass) },
  {
    name: text.leaks,
    by: (one) => one.leaks.length,
    cell: ({ leaks }) => (leaks.length === 0 ? text.noLeaks : <span className="bad">{leaks.join('; ')}</span>),
  },
  { name: text.when, by: (one) => one.createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
];

const VERSIONS: readonly DataColumn<TaskDetail['versions'][number]>[] = [
  { name: text.version, by: (one) => one.version, cell: (one) => one.version },
  { name: text.by, by: (one) => one.savedBy, cell: (one) => one.savedBy },
  { name: text.when, by: (one) => one.createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
];

function Datasets({ detail: { datasets } }: { detail: TaskDetail }) {
  return (
    <section aria-labelledby="datasets">
      <h2 id="datasets">{text.datasets}</h2>
      {datasets.length === 0 ? (
        <p className="empty">{text.noDatasets}</p>
      ) : (
        <DataTable columns={DATASETS} items={datasets} keyOf={(one) => one.sha256} />
      )}
    </section>
  );
}

function Versions({ detail: { versions } }: { detail: TaskDetail }) {
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{text.versions}</h2>
      {versions.length === 0 ? (
        <p className="empty">{text.preset}</p>
      ) : (
        <DataTable columns={VERSIONS} items={versions} keyOf={(one) => String(one.version)} />
      )}
    </section>
  );
}

function When({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}

const classesOf = (perClass: Readonly<Record<string, number>>): string =>
  Object.entries(perClass)
    .map(([name, images]) => `${name} ${count(images)}`)
    .join(', ');
