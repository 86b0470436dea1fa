import type { TaskDetail } from '@xvision/contracts';
import { useTask } from '../api/tasks.js';
import type { PageProps } from '../navigation.js';
import { Answered } from '../parts/answers.js';
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

function Datasets({ detail: { datasets } }: { detail: TaskDetail }) {
  return (
    <section aria-labelledby="datasets">
      <h2 id="datasets">{text.datasets}</h2>
      {datasets.length === 0 ? (
        <p className="empty">{text.noDatasets}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {[text.dataset, text.images, text.patients, text.classes, text.leaks, text.when].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {datasets.map(({ sha256, images, patients, perClass, leaks, createdAt }) => (
              <tr key={sha256}>
                <th scope="row">
                  <code title={sha256}>{shortHash(sha256)}</code>
                </th>
                <td>{count(images)}</td>
                <td>{count(patients)}</td>
                <td>
                  {Object.entries(perClass)
                    .map(([name, n]) => `${name} ${count(n)}`)
                    .join(', ')}
                </td>
                <td className={leaks.length === 0 ? undefined : 'bad'}>
                  {leaks.length === 0 ? text.noLeaks : leaks.join('; ')}
                </td>
                <td>
                  <time dateTime={createdAt}>{moment(createdAt)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
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
        <table>
          <thead>
            <tr>
              {[text.version, text.by, text.when].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {versions.map(({ version, savedBy, createdAt }) => (
              <tr key={version}>
                <th scope="row">{version}</th>
                <td>{savedBy}</td>
                <td>
                  <time dateTime={createdAt}>{moment(createdAt)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
