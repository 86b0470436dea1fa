/** The thread behind the training pool: one job at a time. */
import { parentPort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './messages.js';
import { JobRunner, type OnEpoch } from './worker-jobs.js';

const port = parentPort;
if (port === null) throw new Error('training-worker runs inside a worker thread only');

const runner = new JobRunner();
let goOn: (() => void) | undefined;

/** A first layer is 51 MB: it is moved, everything else is copied. */
const send = (message: FromWorker): void => {
  const moved = message.type === 'done' && message.outcome instanceof Float32Array ? [message.outcome.buffer] : [];
  port.postMessage(
    message,
    moved.filter((buffer) => buffer instanceof ArrayBuffer),
  );
};

const onEpoch: OnEpoch = (state) =>
  new Promise((resolve) => {
    goOn = resolve;
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
      goOn?.();
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
