import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * Answers questions in a thread, one after the other: thousands of resamples of thousands of images take seconds, in
 * which the API has others to answer. The thread of one question ends with it. `script` is the compiled worker's place
 * in dist, and its `parentPort` gets one message, the answer.
 */
export function openAside<Answer>(script: string): (question: unknown) => Promise<Answer> {
  let before: Promise<unknown> = Promise.resolve();
  return (question) => {
    const own = before.then(() => answerInThread<Answer>(workerFile(script), question));
    before = own.catch(() => undefined);
    return own;
  };
}

/** Beside this file in dist, or in dist when this file runs from source. */
function workerFile(script: string): string {
  const beside = fileURLToPath(new URL(script, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../dist/${script}`, import.meta.url));
}

function answerInThread<Answer>(file: string, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: question });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ${file} ended with code ${code} and no answer`)));
  });
}
