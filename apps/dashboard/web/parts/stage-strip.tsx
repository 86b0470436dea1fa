import type { Pipeline } from '@xvision/contracts';
import { text } from '../texts/overview.js';
import { ago, count } from '../words.js';

/** The flow from left to right: what came out of each stage, what waits, what did not get through. */
export function StageStrip({ pipeline }: { pipeline: Pipeline }) {
  const now = Date.parse(pipeline.at);
  return (
    <ol className="stages" aria-label={text.stages}>
      {pipeline.stages.map(({ stage, done, waiting, failed, oldestWaitingAt }) => {
        const { title, unit, failed: failedWord } = text.stage[stage];
        return (
          <li key={stage} className={waiting > 0 ? 'stage busy' : 'stage'} data-stage={stage}>
            <h2>{title}</h2>
            <p className="done">
              <strong>{count(done)}</strong> {unit}
            </p>
            <p className="waiting">
              {waiting === 0 ? text.nothingWaits : text.waiting(count(waiting))}
              {oldestWaitingAt !== null && waiting > 0 && text.oldest(ago(oldestWaitingAt, now))}
            </p>
            <p className="failed">{failed > 0 && text.failed(count(failed), failedWord)}</p>
          </li>
        );
      })}
    </ol>
  );
}
