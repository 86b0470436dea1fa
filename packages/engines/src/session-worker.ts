/** The thread behind `openWorkerSession`: holds one session and answers one message at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from './open-session.js';
import type { Session } from './session.js';
import {
  transferList,
  type WorkerFailure,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
} from './worker-messages.js';

function failureOf(error: unknown): WorkerFailure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

/** Waits for the runs in hand, whose answers go out first. */
async function close(session: Session): Promise<void> {
  await session[Symbol.asyncDispose]();
}

async function serve(port: NonNullable<typeof parentPort>, { model, options }: WorkerStart): Promise<void> {
  const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const session = await openSession(model, options);

  port.on('message', (request: WorkerRequest) => {
    if (request.kind === 'close') {
      void close(session).finally(() => port.close());
      return;
    }
    const { id } = request;
    session.run(request.feeds, request.outputs).then(
      (tensors) => reply({ kind: 'result', id, tensors }, transferList(tensors)),
      (error: unknown) => reply({ kind: 'error', id, failure: failureOf(error) }),
    );
  });
  reply({ kind: 'ready', inputs: session.inputs, outputs: session.outputs, description: session.describe() });
}

const port = parentPort;
if (port === null) throw new Error('session-worker runs inside a worker thread only');
serve(port, workerData as WorkerStart).catch((error: unknown) => {
  port.postMessage({ kind: 'failed', failure: failureOf(error) } satisfies WorkerReply);
  port.close();
});
