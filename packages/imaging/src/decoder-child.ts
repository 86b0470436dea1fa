import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DecodeReply, DecodeRequest } from './decoder-messages.js';
import { residentMb } from './resident-memory.js';

export interface ChildLimits {
  /** A job that takes longer is ended, in milliseconds. */
  readonly timeoutMs: number;
  /** JavaScript heap of the child, in MiB. */
  readonly maxOldSpaceMb: number;
  /** Everything the child holds, native memory included, in MiB; watched on Linux. */
  readonly maxResidentMb: number;
}

/** The child died or was ended in the middle of a job; `message` says why, for a person. */
export class DecoderLostError extends Error {
  override readonly name = 'DecoderLostError';
}

/** Resolves from `src` (tests) and from `dist` to the built file: a child runs JavaScript only. */
const DECODER_PROCESS = fileURLToPath(new URL('../dist/decoder-process.js', import.meta.url));

const WATCH_EVERY_MS = 100;
const PATIENCE_AT_CLOSE_MS = 2_000;

/** One long-lived child process; one job at a time. */
export class DecoderChild {
  readonly #process: ChildProcess;
  readonly #limits: ChildLimits;
  #lost: string | undefined;
  #lastWords = '';

  constructor(limits: ChildLimits) {
    this.#limits = limits;
    this.#process = fork(DECODER_PROCESS, [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${limits.maxOldSpaceMb}`],
      // No credentials in a process that opens strangers' files. Fewer arenas keep native memory flat.
      env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-500);
    });
    this.#process.on('error', (cause) => {
      this.#lost ??= `it could not be started or reached: ${cause.message}`;
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get alive(): boolean {
    return this.#lost === undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Throws {@link DecoderLostError} when the child ends before it answers. */
  async run(request: DecodeRequest): Promise<DecodeReply> {
    const { timeoutMs } = this.#limits;
    const timer = setTimeout(() => this.#end(`it took more than ${timeoutMs / 1000} s`), timeoutMs);
    const watch = setInterval(() => void this.#watchMemory(), WATCH_EVERY_MS);
    try {
      return await this.#exchange(request);
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
    }
  }

  /** Memory that native code has not given back; such a child is better replaced. */
  async isHeavy(): Promise<boolean> {
    const resident = this.pid === undefined ? undefined : await residentMb(this.pid);
    return resident !== undefined && resident > this.#limits.maxResidentMb / 2;
  }

  /** Closes the channel, on which the child ends by itself; one that hangs is killed. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null || this.pid === undefined) return;
    const ended = once(this.#process, 'exit');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_AT_CLOSE_MS);
    if (this.#process.connected) this.#process.disconnect();
    await ended;
    clearTimeout(timer);
  }

  #exchange(request: DecodeRequest): Promise<DecodeReply> {
    return new Promise((resolve, reject) => {
      const child = this.#process;
      const settle = (finish: () => void) => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.off('error', onError);
        finish();
      };
      const onMessage = (reply: unknown) => settle(() => resolve(reply as DecodeReply));
      const onExit = (code: number | null, signal: string | null) =>
        settle(() =>
          reject(
            new DecoderLostError(this.#lost ?? `it ended (${signal ?? `exit code ${code}`}) ${this.#lastWords}`.trim()),
          ),
        );
      const onError = (cause: Error) => settle(() => reject(new DecoderLostError(cause.message, { cause })));
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.on('error', onError);
      if (!this.alive) onExit(child.exitCode, child.signalCode);
      else child.send(request, (error) => (error === null ? undefined : onError(error)));
    });
  }

  async #watchMemory(): Promise<void> {
    const resident = this.pid === undefined ? undefined : await residentMb(this.pid);
    if (resident !== undefined && resident > this.#limits.maxResidentMb) {
      this.#end(`it held ${Math.round(resident)} MiB, over the limit of ${this.#limits.maxResidentMb}`);
    }
  }

  #end(why: string): void {
    this.#lost ??= why;
    this.#process.kill('SIGKILL');
  }
}
