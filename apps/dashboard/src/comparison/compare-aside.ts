import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ComparableRun, Comparison } from '@xvision/evaluation';

export interface ComparedRuns {
  readonly first: ComparableRun;
  readonly second: ComparableRun;
}

/** The compiled worker: beside this file in dist, or in dist when this file runs from source. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./comparison-worker.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/comparison/comparison-worker.js', import.meta.url));
}

function compareInThread(runs: ComparedRuns): Promise<Comparison> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: runs });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread of a comparison ended with code ${code}`)));
  });
}

/**
 * Compares in a thread of its own, one comparison after the other: thousands of resamples of thousands of images take
 * seconds, in which the API has others to answer.
 */
export function openComparer(): (runs: ComparedRuns) => Promise<Comparison> {
  let before: Promise<unknown> = Promise.resolve();
  return (runs) => {
    const own = before.then(() => compareInThread(runs));
    before = own.catch(() => undefined);
    return own;
  };
}
