import type { Metrics } from '@xvision/contracts';
import { bounds, decimal, interval } from '../words.js';

/** The numbers that answer the question, each with its interval, and beside them what needs no network. */
export function MetricList({ metrics }: { metrics: Metrics }) {
  const { auc, withinFoldAuc, accuracy, brier, baseline } = metrics;
  return (
    <>
      <dl className="metrics">
        <Metric name="AUC" value={decimal(auc.value)} note={`95 % interval ${bounds(auc)}`} />
        <Metric name="AUC within folds" value={decimal(withinFoldAuc)} note="mean over folds" />
        <Metric name="Accuracy" value={decimal(accuracy.value)} note={`95 % interval ${bounds(accuracy)}`} />
        <Metric
          name="Brier score"
          value={decimal(brier.value)}
          note={`95 % interval ${bounds(brier)}; less is better`}
        />
      </dl>
      {baseline === null ? (
        <p className="baseline">The no-network baseline could not be fitted on these data.</p>
      ) : (
        <p className="baseline">
          <strong>No-network baseline.</strong> {baseline.verdict}
        </p>
      )}
    </>
  );
}

function Metric({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="metric">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <small>{note}</small>
      </dd>
    </div>
  );
}

export function ClassTable({ perClass }: { perClass: Metrics['perClass'] }) {
  return (
    <table>
      <caption>By class, with 95 % intervals</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Precision</th>
          <th scope="col">Recall</th>
          <th scope="col">F1</th>
          <th scope="col" className="number">
            Images
          </th>
        </tr>
      </thead>
      <tbody>
        {perClass.map(({ label, precision, recall, f1, support }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="figures">{interval(precision)}</td>
            <td className="figures">{interval(recall)}</td>
            <td className="figures">{interval(f1)}</td>
            <td className="number">{support}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
