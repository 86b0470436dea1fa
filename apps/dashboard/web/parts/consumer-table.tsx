import type { Pipeline } from '@xvision/contracts';
import { count } from '../words.js';

/** Lag per consumer, as the broker tells it. */
export function ConsumerTable({ consumers }: { consumers: Pipeline['consumers'] }) {
  if (consumers === null) {
    return <p className="failure">The broker (NATS) does not answer. Nothing is lost: events wait in the catalogue.</p>;
  }
  if (consumers.length === 0) return <p className="empty">No service has subscribed yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Consumer</th>
          <th scope="col">Stream</th>
          <th scope="col" className="number">
            Waiting
          </th>
          <th scope="col" className="number">
            In hand
          </th>
          <th scope="col" className="number">
            Redelivered
          </th>
        </tr>
      </thead>
      <tbody>
        {consumers.map(({ consumer, stream, pending, ackPending, redelivered }) => (
          <tr key={`${stream}/${consumer}`}>
            <th scope="row">{consumer}</th>
            <td>{stream}</td>
            <td className="number">{count(pending)}</td>
            <td className="number">{count(ackPending)}</td>
            <td className="number">{count(redelivered)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
