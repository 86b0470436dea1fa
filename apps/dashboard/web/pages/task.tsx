import type { Task, TaskDetail } from '@xvision/contracts';
import { useState } from 'react';
import { useTask } from '../api/tasks.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
import { type DataColumn, DataTable } from '../parts/data-table.js';
import { Link } from '../router.js';
import { text } from '../texts/tasks.js';
import { count, moment, shortHash } from '../words.js';
import { draftOf, taskOf } from './tasks/draft.js';
import { NewTaskPage } from './tasks/new-task.js';
import { SaveTask } from './tasks/save-task.js';
import { SavedMeanwhile } from './tasks/saved-meanwhile.js';
import { splitText } from './tasks/split-text.js';
import { TaskEditor } from './tasks/task-editor.js';
import { Versions } from './tasks/versions.js';

/** `/tasks/_new` is no task yet; no name begins with an underscore. */
export function TaskPage({ id }: PageProps) {
  return id === '_new' ? <NewTaskPage /> : <OneTask id={id} />;
}

function OneTask({ id }: PageProps) {
  const task = useTask(decodeURIComponent(id));
  return (
    <Answered answer={task} what={text.theTask} title={text.task}>
      {(found) => <TaskView key={found.task.name} detail={found} />}
    </Answered>
  );
}

function TaskView({ detail }: { detail: TaskDetail }) {
  const { task, versions } = detail;
  const [draft, setDraft] = useState(() => draftOf(task));
  // What was seen when the writing began: what others save meanwhile takes nothing away from under it.
  const [seen, setSeen] = useState(versions[0]?.version ?? 0);
  const [newest] = versions;
  const fixed = task.labelRule === 'seed';
  const begin = (from: TaskDetail) => {
    setDraft(draftOf(from.task));
    setSeen(from.versions[0]?.version ?? 0);
  };
  return (
    <>
      <h1>{task.name}</h1>
      <p className="doors">
        {!fixed && <Link href={`/tasks/_new?from=${task.name}`}>{text.copy}</Link>}
        <Link href="/tasks">{text.everyTask}</Link>
      </p>
      {fixed && <Fixed task={task} />}
      {newest !== undefined && newest.version > seen && (
        <SavedMeanwhile newest={newest} take={() => begin(detail)} keep={() => setSeen(newest.version)} />
      )}
      {!fixed && (
        <TaskEditor
          draft={draft}
          change={setDraft}
          saved={task}
          acts={
            <SaveTask task={taskOf(draft)} after={seen} name={text.save} done={begin}>
              <button type="button" className="quiet" onClick={() => begin(detail)}>
                {text.reset}
              </button>
            </SaveTask>
          }
        />
      )}
      <Datasets detail={detail} />
      <Versions versions={versions} edit={fixed ? null : (older) => setDraft(draftOf(older))} />
    </>
  );
}

function Fixed({ task }: { task: Task }) {
  return (
    <>
      {task.description !== undefined && <p>{task.description}</p>}
      <p>
        <small>{text.split}</small> {splitText(task.split)} <small>{text.views}</small> {task.views.join(', ')}
      </p>
      <p className="empty">{text.seedRule}</p>
    </>
  );
}

const DATASETS: readonly DataColumn<TaskDetail['datasets'][number]>[] = [
  {
    name: text.dataset,
    cell: ({ sha256 }) => (
      <code className="whole" title={sha256}>
        {shortHash(sha256)}
      </code>
    ),
  },
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

function When({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}

const classesOf = (perClass: Readonly<Record<string, number>>): string =>
  Object.entries(perClass)
    .map(([name, images]) => `${name} ${count(images)}`)
    .join(', ');
