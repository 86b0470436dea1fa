import type { Metrics } from '@xvision/contracts';
import { text } from '../texts/run.js';
import { bounds, decimal } from '../words.js';
import { Interval } from './interval.js';
import { Wide } from './wide.js';

/** The numbers that answer the question, each with its interval, and beside them what needs no network. */
export function MetricList({ metrics }: { metrics: Metrics }) {
  const { auc, withinFoldAuc, accuracy, brier, baseline } = metrics;
  return (
    <>
      <dl className="metrics">
        <Metric name={text.auc} value={decimal(auc.value)} note={text.interval95(bounds(auc))} />
        <Metric name={text.aucWithinFolds} value={decimal(withinFoldAuc)} note={text.meanOverFolds} />
        <Metric name={text.accuracy} value={decimal(accuracy.value)} note={text.interval95(bounds(accuracy))} />
        <Metric
          name={text.brier}
          value={decimal(brier.value)}
          note={text.lessIsBetter(text.interval95(bounds(brier)))}
        />
      </dl>
      {baseline === null ? (
        <p className="baseline">{text.noBaseline}</p>
      ) : (
        <p className="baseline">
          <strong>{text.baseline}</strong> {baseline.verdict}
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
    <Wide>
      <table>
        <caption>{text.byClass}</caption>
        <thead>
          <tr>
            <th scope="col">{text.class}</th>
            <th scope="col">{text.precision}</th>
            <th scope="col">{text.classRecall}</th>
            <th scope="col">{text.f1}</th>
            <th scope="col" className="number">
              {text.n}
            </th>
          </tr>
        </thead>
        <tbody>
          {perClass.map(({ label, precision, recall, f1, support }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="figures">
                <Interval of={precision} />
              </td>
              <td className="figures">
                <Interval of={recall} />
              </td>
              <td className="figures">
                <Interval of={f1} />
              </td>
              <td className="number">{support}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
