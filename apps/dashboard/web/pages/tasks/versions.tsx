import type { Task, TaskDetail } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';
import { moment } from '../../words.js';
import { changedParts } from './draft.js';

/** What was saved, newest first, with what each changed; an older one can be taken up again. */
export function Versions({
  versions,
  edit,
}: {
  versions: TaskDetail['versions'];
  edit: ((task: Task) => void) | null;
}) {
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{text.versions}</h2>
      {versions.length === 0 ? (
        <p className="empty">{text.preset}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {[text.version, text.changed, text.by, text.when].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {edit !== null && <th scope="col">{text.act}</th>}
            </tr>
          </thead>
          <tbody>
            {versions.map(({ version, task, savedBy, createdAt }, place) => (
              <tr key={version}>
                <th scope="row">{version}</th>
                <td>{changeText(versions[place + 1]?.task, task)}</td>
                <td>{savedBy}</td>
                <td>
                  <time dateTime={createdAt}>{moment(createdAt)}</time>
                </td>
                {edit !== null && (
                  <td>
                    <button type="button" className="quiet" onClick={() => edit(task)}>
                      {text.editFrom(version)}
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function changeText(before: Task | undefined, task: Task): string {
  return before === undefined ? text.firstVersion : changedParts(before, task).join(', ');
}
