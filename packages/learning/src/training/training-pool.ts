import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DivergedError } from '../heads/training-settings.js';
import type { FromWorker, Job, OutcomeOf, ToWorker, WorkerStart } from './messages.js';
import { JobRunner, type OnEpoch } from './worker-jobs.js';

const ignore: OnEpoch = async () => undefined;

export interface JobOptions {
  /** Awaited between the epochs of a job that reports them; if it throws, the job fails with that. */
  readonly onEpoch?: OnEpoch;
  readonly signal?: AbortSignal;
}

/** Does training jobs, some at a time; results do not depend on how many. */
export interface TrainingPool extends AsyncDisposable {
  /** Rejects with the signal's reason when it is aborted before the job began or between two of its epochs. */
  run<J extends Job>(job: J, options?: JobOptions): Promise<OutcomeOf<J>>;
}

/** What a training needs of a pool. */
export type TrainingJobs = Pick<TrainingPool, 'run'>;

export interface PoolOptions {
  readonly threads: number;
  /** Folder with a node_modules of its own in which TensorFlow.js' native package is looked for, beside the project's. */
  readonly nativeModules?: string | undefined;
}

/** Threads of one ONNX Runtime thread each: the calling thread stays free for heartbeats and I/O. */
export function openTrainingPool({ threads, ...optional }: PoolOptions): TrainingPool {
  return new WorkerPool(threads, optional);
}

/** The same on the calling thread, which it blocks; for tests and small tools. */
export function inlineTraining(optional: Omit<PoolOptions, 'threads'> = {}): TrainingPool {
  const runner = new JobRunner(optional);
  return {
    run: async <J extends Job>(job: J, { onEpoch = ignore, signal }: JobOptions = {}) => {
      signal?.throwIfAborted();
      return (await runner.run(job, onEpoch)) as OutcomeOf<J>;
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

interface Waiting {
  readonly job: Job;
  readonly onEpoch: OnEpoch;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Compiled beside this file; under a test runner that loads the sources, the built one in dist. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./training-worker.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/training/training-worker.js', import.meta.url));
}

class WorkerPool implements TrainingPool {
  readonly #threads: number;
  readonly #nativeModules: string | undefined;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #queue: Waiting[] = [];
  readonly #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #closed = false;

  constructor(threads: number, { nativeModules }: Omit<PoolOptions, 'threads'>) {
    this.#threads = threads;
    this.#nativeModules = nativeModules;
  }

  run<J extends Job>(job: J, { onEpoch = ignore, signal }: JobOptions = {}): Promise<OutcomeOf<J>> {
    if (this.#closed) return Promise.reject(new Error('the training pool is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, onEpoch, signal, resolve, reject });
      this.#next();
    });
  }

  /**
   * Rejects what waits, lets each thread end the epoch or product in hand, and ends them. They are never cut off: a thread
   * that is terminated inside the engine can take the process with it.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    Atomics.store(this.#stop, 0, 1);
    for (const { reject } of this.#queue.splice(0)) reject(new Error('the training pool was closed'));
    const ended = [...this.#all].map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of this.#idle.splice(0)) close(worker);
    await Promise.all(ended);
  }

  #next(): void {
    while (this.#queue[0]?.signal?.aborted === true) {
      const dropped = this.#queue.shift();
      dropped?.reject(dropped.signal?.reason);
    }
    if (this.#queue.length === 0) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.#threads ? this.#start() : undefined);
    if (worker === undefined) return;
    const waiting = this.#queue.shift();
    if (waiting !== undefined) this.#give(worker, waiting);
  }

  #start(): Worker {
    const start: WorkerStart = { stop: this.#stop, nativeModules: this.#nativeModules };
    const worker = new Worker(workerFile(), { workerData: start });
    this.#all.add(worker);
    return worker;
  }

  #give(worker: Worker, { job, onEpoch, resolve, reject }: Waiting): void {
    const send = (message: ToWorker): void => worker.postMessage(message, []);
    let refused: { readonly error: unknown } | undefined;
    const settle = (lost: boolean): void => {
      worker.off('error', lose).off('exit', ended).off('message', receive);
      if (lost) this.#all.delete(worker);
      else if (this.#closed) close(worker);
      else this.#idle.push(worker);
      if (!this.#closed) this.#next();
    };
    const lose = (error: unknown): void => {
      settle(true);
      reject(error);
    };
    const ended = (code: number): void =>
      lose(new Error(`a training thread ended with code ${code} in the middle of a job`));
    const receive = (message: FromWorker): void => {
      if (message.type === 'epoch') {
        onEpoch(message.state).then(
          () => send({ type: 'go-on' }),
          (error: unknown) => {
            refused = { error };
            send({ type: 'give-up' });
          },
        );
        return;
      }
      settle(false);
      if (message.type === 'done') resolve(message.outcome as never);
      else reject(refused === undefined ? errorOf(message) : refused.error);
    };
    worker.on('error', lose).on('exit', ended).on('message', receive);
    send({ type: 'job', job });
  }
}

function close(worker: Worker): void {
  worker.postMessage({ type: 'close' } satisfies ToWorker, []);
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  if (name === 'DivergedError') return new DivergedError(message);
  const error = new Error(message);
  error.name = name;
  return error;
}
