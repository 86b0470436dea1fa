import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { MapNeeds, MapQuestion, MapReply, MapRequest } from './map-question.js';

/** Makes maps without holding up whoever else asks the API. */
export interface MapDrawer extends AsyncDisposable {
  /** Rejects with an error of the name and message that the thread met. */
  draw(question: MapQuestion): Promise<Uint8Array>;
}

/** A model of five networks and the backbone take 400 MB: nobody asking for this long gives them back. */
const IDLE_MS = 120_000;

/** The compiled worker: beside this file in dist, or in dist when this file runs from source. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./map-worker.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/explanation/map-worker.js', import.meta.url));
}

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that is started by the first question and ended when nobody asked for two minutes. */
class MapThread implements MapDrawer {
  readonly #needs: MapNeeds;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 0;

  constructor(needs: MapNeeds) {
    this.#needs = needs;
  }

  draw(question: MapQuestion): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, question } satisfies MapRequest, []);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(workerFile(), { workerData: this.#needs });
    worker.on('message', (reply: MapReply) => this.#settle(reply));
    worker.on('error', (error: Error) => this.#lost(worker, error));
    worker.on('exit', (code) => this.#lost(worker, new Error(`the thread that makes maps ended with code ${code}`)));
    return worker;
  }

  #settle(reply: MapReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('bytes' in reply) waiting?.resolve(reply.bytes);
    else waiting?.reject(Object.assign(new Error(reply.error.message), { name: reply.error.name }));
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE_MS);
    this.#idle.unref();
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

export function openMapDrawer(needs: MapNeeds): MapDrawer {
  return new MapThread(needs);
}
