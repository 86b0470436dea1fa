import type { TaskPreview } from '@xvision/contracts';
import { Wide } from '../../parts/wide.js';
import { Link } from '../../router.js';
import { text } from '../../texts/tasks.js';
import { count } from '../../words.js';

/** Counts and examples of every class, and, beside a saved task, whose labels change. */
export function Preview({ preview, compared }: { preview: TaskPreview; compared: boolean }) {
  const { classes, unlabelled, otherViews, changes } = preview;
  return (
    <>
      <section aria-labelledby="counts">
        <h2 id="counts">{text.counts}</h2>
        <Wide>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.className}</th>
                <th scope="col" className="number">
                  {text.images}
                </th>
                <th scope="col">{text.examples}</th>
              </tr>
            </thead>
            <tbody>
              {[...classes, { name: text.takesNoPart, ...unlabelled }].map(({ name, images, examples }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="number">{count(images)}</td>
                  <td>
                    <Examples of={name} ids={examples} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
        <p className="hint">{text.otherViews(count(otherViews))}</p>
      </section>
      {compared && (
        <section aria-labelledby="changes" aria-live="polite">
          <h2 id="changes">{text.changes}</h2>
          {changes.length === 0 ? <p className="empty">{text.noChange}</p> : <Changes changes={changes} />}
        </section>
      )}
    </>
  );
}

function Changes({ changes }: { changes: TaskPreview['changes'] }) {
  return (
    <Wide>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.from}</th>
            <th scope="col">{text.to}</th>
            <th scope="col" className="number">
              {text.images}
            </th>
            <th scope="col">{text.examples}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ from, to, images, examples }) => (
            <tr key={`${from} ${to}`}>
              <th scope="row">{from ?? text.takesNoPart}</th>
              <td>{to ?? text.takesNoPart}</td>
              <td className="number">{count(images)}</td>
              <td>
                <Examples of={to ?? text.takesNoPart} ids={examples} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Examples({ of, ids }: { of: string; ids: readonly string[] }) {
  return (
    <span className="examples">
      {ids.map((id) => (
        <Link key={id} href={`/images/${id}`}>
          <img
            src={`/api/images/${id}/prepared`}
            alt={`${of}, ${id.slice(-6)}`}
            loading="lazy"
            width="56"
            height="56"
          />
        </Link>
      ))}
    </span>
  );
}
