/** The thread behind the training pool: one job at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerStart } from './messages.js';
import type { LayerPieces } from './products.js';
import { JobRunner, type OnEpoch } from './worker-jobs.js';

const port = parentPort;
if (port === null) throw new Error('training-worker runs inside a worker thread only');

const { stop, nativeModules } = workerData as WorkerStart;
const runner = new JobRunner({ stopped: () => Atomics.load(stop, 0) !== 0, nativeModules });
let answer: { resolve: () => void; reject: (error: Error) => void } | undefined;

/** The pieces of a first layer are 51 MB: they are moved, everything else is copied. */
const send = (message: FromWorker): void => {
  const pieces: LayerPieces = message.type === 'done' && Array.isArray(message.outcome) ? message.outcome : [];
  port.postMessage(
    message,
    pieces.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer),
  );
};

const onEpoch: OnEpoch = (state) =>
  new Promise((resolve, reject) => {
    answer = { resolve, reject };
    send({ type: 'epoch', state });
  });

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'job':
      runner.run(message.job, onEpoch).then(
        (outcome) => send({ type: 'done', outcome }),
        (error: unknown) => send(failure(error)),
      );
      break;
    case 'go-on':
      answer?.resolve();
      break;
    case 'give-up':
      answer?.reject(new Error('the state of an epoch could not be kept'));
      break;
    case 'close':
      void runner[Symbol.asyncDispose]().finally(() => port.close());
      break;
    default:
      message satisfies never;
  }
});

function failure(error: unknown): FromWorker {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { type: 'failed', name, message };
}
