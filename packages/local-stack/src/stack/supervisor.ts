import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A service that ends this often before it was ever ready will not get better by starting it again. */
const MAX_EARLY_ENDS = 5;
const RESTART_DELAYS_MS = [200, 500, 1000, 2000, 5000] as const;

export interface ServiceDefinition {
  readonly name: string;
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthUrl: string;
  readonly logFile: string;
}

/** The last lines of a log file, for an error that speaks. */
function tail(file: string, lines = 12): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

/** A service as a child process, started again whenever it ends by itself, as Kubernetes would. */
export class SupervisedService implements AsyncDisposable {
  readonly #definition: ServiceDefinition;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #stopping = false;
  #wasReady = false;
  #restarts = 0;
  #failure: Error | undefined;

  constructor(definition: ServiceDefinition, log: (line: string) => void) {
    this.#definition = definition;
    this.#log = log;
    this.#start();
  }

  get name(): string {
    return this.#definition.name;
  }

  get healthUrl(): string {
    return this.#definition.healthUrl;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  #start(): void {
    const { entry, environment, logFile } = this.#definition;
    const output = openSync(logFile, 'a');
    const child = spawn(process.execPath, [entry], {
      env: { ...environment, XVISION_PARENT: String(process.pid) },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        if (!this.#stopping) void this.#restart(`ended with ${signal ?? `exit code ${code}`}`);
      });
      child.once('error', (cause) => {
        resolve();
        this.#failure = new Error(`the ${this.name} service could not be started`, { cause });
      });
    });
  }

  async #restart(why: string): Promise<void> {
    this.#restarts += 1;
    if (!this.#wasReady && this.#restarts >= MAX_EARLY_ENDS) {
      const said = tail(this.#definition.logFile);
      this.#failure = new Error(`the ${this.name} service ${why} before it was ready. Its log ends:\n${said}`);
      return;
    }
    this.#log(`${this.name} ${why}; starting it again`);
    await sleep(RESTART_DELAYS_MS[Math.min(this.#restarts - 1, RESTART_DELAYS_MS.length - 1)]);
    if (!this.#stopping) this.#start();
  }

  /** Resolves when /readyz of the process itself answers 200; rejects with the end of the service's log when it cannot start. */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#stopping) throw new Error(`the ${this.name} service was stopped before it was ready`);
      if (await this.#saysReady()) {
        this.#wasReady = true;
        return;
      }
      await sleep(100);
    }
  }

  /** Another program may have taken the port meanwhile, and be ready for something else. */
  async #saysReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.healthUrl}/readyz`);
      const { pid } = (await answer.json()) as { readonly pid?: unknown };
      return answer.ok && pid !== undefined && pid === this.pid;
    } catch {
      return false;
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** SIGTERM, then SIGKILL after the grace period. */
  async stop(graceMs = 30_000): Promise<void> {
    this.#stopping = true;
    this.#child?.kill('SIGTERM');
    const killer = setTimeout(() => this.#child?.kill('SIGKILL'), graceMs);
    await this.#ended;
    clearTimeout(killer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
