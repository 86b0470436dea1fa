import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { refuseTf32 } from './cuda-provider.js';
import {
  type EngineDescription,
  EngineLostError,
  EngineUnavailableError,
  type ModelSource,
  type Session,
  type SessionOptions,
} from './session.js';
import type { Tensors } from './tensor.js';
import { arraysOf, transferList, type WorkerFailure, type WorkerReply, type WorkerRequest } from './worker-messages.js';

export interface WorkerSessionOptions extends SessionOptions {
  /**
   * Move the feeds' buffers to the worker instead of copying them: the caller's arrays are empty afterwards.
   * False unless told; results are always moved.
   */
  readonly moveFeeds?: boolean;
  /** Move the model's bytes as well, so that a large model is held once. False unless told. */
  readonly moveModel?: boolean;
}

/**
 * The same as `openSession`, in a thread of its own, so that the calling thread stays free for heartbeats and I/O.
 * Errors of the engine cross the border with their message; a worker that dies rejects what is in hand.
 */
export async function openWorkerSession(model: ModelSource, options: WorkerSessionOptions = {}): Promise<Session> {
  const { moveFeeds = false, moveModel = false, ...sessionOptions } = options;
  if (sessionOptions.engine === 'onnx-cuda') refuseTf32(); // what a worker sets in its environment no library reads
  const worker = new Worker(workerFile());
  const open: WorkerRequest = { kind: 'open', model, options: sessionOptions };
  worker.postMessage(open, moveModel && typeof model !== 'string' ? transferList([model]) : []);
  return WorkerSession.started(worker, moveFeeds);
}

/** Compiled beside this file; under a test runner that loads the sources, the built one in dist. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./session-worker.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/session-worker.js', import.meta.url));
}

interface Waiting {
  readonly resolve: (tensors: Tensors) => void;
  readonly reject: (error: Error) => void;
}

function errorOf({ name, message }: WorkerFailure): Error {
  if (name === 'EngineUnavailableError') return new EngineUnavailableError(message);
  const error = new Error(message);
  error.name = name;
  return error;
}

class WorkerSession implements Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly #worker: Worker;
  readonly #description: EngineDescription;
  readonly #moveFeeds: boolean;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #nextId = 0;
  #dead: Error | undefined;

  private constructor(worker: Worker, ready: WorkerReply & { kind: 'ready' }, moveFeeds: boolean) {
    this.#worker = worker;
    this.inputs = ready.inputs;
    this.outputs = ready.outputs;
    this.#description = ready.description;
    this.#moveFeeds = moveFeeds;
    worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    worker.on('error', (cause: Error) => this.#fail(new EngineLostError("the engine's thread failed", { cause })));
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.#fail(new EngineLostError(`the engine's thread ended with code ${code}`));
        resolve();
      });
    });
  }

  static started(worker: Worker, moveFeeds: boolean): Promise<WorkerSession> {
    return new Promise((resolve, reject) => {
      const ended = (code: number): void => reject(new Error(`the engine's thread ended at start with code ${code}`));
      worker.once('error', reject);
      worker.once('exit', ended);
      worker.once('message', (reply: WorkerReply) => {
        worker.off('error', reject);
        worker.off('exit', ended);
        if (reply.kind === 'ready') resolve(new WorkerSession(worker, reply, moveFeeds));
        else if (reply.kind === 'failed') reject(errorOf(reply.failure));
      });
    });
  }

  run(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) {
        reject(this.#dead);
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      const request: WorkerRequest = { kind: 'run', id, feeds, outputs };
      this.#worker.postMessage(request, this.#moveFeeds ? transferList(arraysOf(feeds)) : []);
    });
  }

  describe(): EngineDescription {
    return this.#description;
  }

  /** Finishes what is in hand, frees the engine and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#dead === undefined) this.#worker.postMessage({ kind: 'close' } satisfies WorkerRequest, []);
    await this.#exited;
  }

  #settle(reply: WorkerReply): void {
    if (reply.kind !== 'result' && reply.kind !== 'error') return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'result') waiting?.resolve(reply.tensors);
    else waiting?.reject(errorOf(reply.failure));
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
