/** The thread behind `openWorkerSession`: holds one session and answers its messages in order. */
import { parentPort } from 'node:worker_threads';
import { openSession } from './open-session.js';
import type { Session } from './session.js';
import { arraysOf, transferList, type WorkerFailure, type WorkerReply, type WorkerRequest } from './worker-messages.js';

const port = parentPort;
if (port === null) throw new Error('session-worker runs inside a worker thread only');

function reply(message: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function failureOf(error: unknown): WorkerFailure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

async function open({ model, options }: WorkerRequest & { kind: 'open' }): Promise<void> {
  try {
    const session = await openSession(model, options);
    port?.on('message', (request: WorkerRequest) => void serve(session, request));
    reply({ kind: 'ready', inputs: session.inputs, outputs: session.outputs, description: session.describe() });
  } catch (error) {
    reply({ kind: 'failed', failure: failureOf(error) });
    port?.close();
  }
}

async function serve(session: Session, request: WorkerRequest): Promise<void> {
  if (request.kind === 'close') {
    await session[Symbol.asyncDispose](); // waits for the runs in hand, whose answers go out first
    port?.close();
    return;
  }
  if (request.kind === 'open') return;
  const { id } = request;
  try {
    const tensors = await session.run(request.feeds, request.outputs);
    reply({ kind: 'result', id, tensors }, transferList(arraysOf(tensors)));
  } catch (error) {
    reply({ kind: 'error', id, failure: failureOf(error) });
  }
}

port.once('message', (request: WorkerRequest) => {
  if (request.kind === 'open') void open(request);
});
