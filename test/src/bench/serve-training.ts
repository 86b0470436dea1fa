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

/** A side in a process of its own: its name first, then for every line with a number of epochs a line of JSON. */
export async function serveTraining(
  library: string,
  train: (epochs: number) => Promise<{ losses: readonly number[]; work?: number }>,
): Promise<void> {
  process.stdout.write(`${library}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { losses, work = 1 } = await train(Number(line));
    const seconds = (performance.now() - started) / 1000 / work;
    const { user, system } = process.cpuUsage(cpu);
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    const turn: TrainingTurn = { seconds, cpuSeconds: (user + system) / 1e6 / work, losses, peakMegabytes };
    process.stdout.write(`${JSON.stringify(turn)}\n`);
  }
}
