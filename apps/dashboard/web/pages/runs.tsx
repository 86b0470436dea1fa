import type { Run } from '@xvision/contracts';
import { useRuns } from '../api/runs.js';
import { Answered } from '../parts/answers.js';
import { Marks, Notice, StatePill } from '../parts/marks.js';
import { Link } from '../router.js';
import { interval, moment } from '../words.js';

export function RunsPage() {
  const runs = useRuns();
  return (
    <>
      <h1>Runs</h1>
      <Answered answer={runs} what="the runs">
        {({ items }) => <RunTable runs={items} />}
      </Answered>
    </>
  );
}

function RunTable({ runs }: { runs: readonly Run[] }) {
  if (runs.length === 0) {
    return (
      <p className="empty">
        Nothing was trained yet. Start with <code>xvision run</code> or <code>xvision train --task nodule</code>.
      </p>
    );
  }
  return (
    <>
      <Notice />
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">State</th>
            <th scope="col">Head, seed</th>
            <th scope="col">AUC with 95 % interval</th>
            <th scope="col">No-network baseline</th>
            <th scope="col">Asked for</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                <Link href={`/runs/${run.id}`}>{run.task}</Link>{' '}
                <Marks synthetic={run.synthetic} untrained={run.report?.untrainedBackbone === true} />
              </th>
              <td>
                <StatePill state={run.state} />
                {run.message !== null && <small className="message">{run.message}</small>}
              </td>
              <td>
                {run.settings.head}, {run.settings.seed}
              </td>
              <td className="figures">{run.report === null ? '' : interval(run.report.metrics.auc)}</td>
              <td className="figures">
                {run.report?.metrics.baseline ? interval(run.report.metrics.baseline.auc) : ''}
              </td>
              <td>
                <time dateTime={run.createdAt}>{moment(run.createdAt)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
