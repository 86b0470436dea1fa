import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How to ask a server to stop, and how long to wait before it is killed. */
export interface StopOptions {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

export interface ChildServer {
  readonly pid: number;
  /** Everything that the server wrote on stderr and stdout, the last 64 kB of it. */
  output(): string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Asks the server to stop, kills it when it does not, and resolves when it is gone. Safe to call twice. */
  stop(options: StopOptions): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const KEPT_OUTPUT = 65_536;

/**
 * A shell that waits for the end of its input, which comes when this process ends however that happens, and then stops
 * the server: a killed test runner or stack leaves no server behind.
 */
function guard(pid: number): ChildProcess {
  const script = 'read -r _; kill -INT "$0" 2>/dev/null; sleep 5; kill -KILL "$0" 2>/dev/null';
  const child = spawn('/bin/sh', ['-c', script, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.on('error', () => undefined);
  child.unref();
  // An open pipe alone must not keep this process alive.
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  return child;
}

export interface SpawnServerOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a server in its own process group, so that Ctrl-C reaches it only through whoever started it. */
export async function spawnServer(options: SpawnServerOptions): Promise<ChildServer> {
  const child = spawn(options.file, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.file} started without a process id`);
  const watcher = guard(pid);
  void ended.then(() => watcher.kill('SIGKILL'));

  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    output: () => output,
    ended,
    async stop({ signal, graceMs }) {
      if (running()) child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      if (running()) child.kill('SIGKILL');
      await ended;
    },
  };
}
