import type { Pipeline } from '@xvision/contracts';
import { ago, count } from '../words.js';

const STAGES: Readonly<Record<Pipeline['stages'][number]['stage'], { title: string; unit: string; failed: string }>> = {
  collect: { title: 'Collect', unit: 'images', failed: 'collections failed' },
  prepare: { title: 'Prepare', unit: 'images', failed: 'rejected' },
  extract: { title: 'Extract', unit: 'images', failed: 'failed' },
  train: { title: 'Train', unit: 'runs', failed: 'failed' },
  evaluate: { title: 'Evaluate', unit: 'runs', failed: 'failed' },
};

/** The flow from left to right: what came out of each stage, what waits, what did not get through. */
export function StageStrip({ pipeline }: { pipeline: Pipeline }) {
  const now = Date.parse(pipeline.at);
  return (
    <ol className="stages" aria-label="Stages of the pipeline">
      {pipeline.stages.map(({ stage, done, waiting, failed, oldestWaitingAt }) => {
        const { title, unit, failed: failedWord } = STAGES[stage];
        return (
          <li key={stage} className={waiting > 0 ? 'stage busy' : 'stage'} data-stage={stage}>
            <h2>{title}</h2>
            <p className="done">
              <strong>{count(done)}</strong> {unit}
            </p>
            <p className="waiting">
              {waiting === 0 ? 'nothing waits' : `${count(waiting)} waiting`}
              {oldestWaitingAt !== null && waiting > 0 && `, oldest ${ago(oldestWaitingAt, now)}`}
            </p>
            <p className="failed">{failed > 0 && `${count(failed)} ${failedWord}`}</p>
          </li>
        );
      })}
    </ol>
  );
}
