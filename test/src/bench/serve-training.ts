import { createInterface } from 'node:readline';

/** What one side of the training bench says about a turn. */
export interface TrainingTurn {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Mean loss of each epoch; empty where it trained on other images than the rest. */
  readonly losses: readonly number[];
  /** Of the process so far. */
  readonly peakMegabytes: number;
}

/** What a side does for its lines. */
export interface Trainee {
  /** A new network as the library begins it, initial weights of its own included; what it costs is counted. */
  make?(): void | Promise<void>;
  /** Gives it the weights that all sides begin with; not counted. */
  begin?(): void | Promise<void>;
  /** Goes on for so many epochs. `work`: how much of that was done, where it is not all. */
  train(epochs: number): Promise<{ losses: readonly number[]; work?: number }>;
}

/**
 * A side in a process of its own: its name first, then for every line a line of JSON. The line `new`: a new network and its
 * first epoch; a number: so many epochs more.
 */
export async function serveTraining(library: string, trainee: Trainee): Promise<void> {
  process.stdout.write(`${library}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const isNew = line.trim() === 'new';
    const making = await clocked(() => (isNew ? trainee.make?.() : undefined));
    if (isNew) await trainee.begin?.();
    const training = await clocked(() => trainee.train(isNew ? 1 : Number(line)));
    const { losses, work = 1 } = training.result;
    const turn: TrainingTurn = {
      seconds: making.seconds + training.seconds / work,
      cpuSeconds: making.cpuSeconds + training.cpuSeconds / work,
      losses,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
    process.stdout.write(`${JSON.stringify(turn)}\n`);
  }
}

async function clocked<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ result: Result; seconds: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds, cpuSeconds: (user + system) / 1e6 };
}
