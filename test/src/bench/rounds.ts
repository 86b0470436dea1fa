/** One side of a comparison: does its work once and returns how much it did (images, events, trainings). */
export interface Side {
  readonly name: string;
  run(): Promise<number>;
}

export interface SideResult {
  readonly name: string;
  /** Work a second, one entry a round. */
  readonly perSecond: readonly number[];
  /** CPU seconds of this process a unit of work, one entry a round. */
  readonly cpuSeconds: readonly number[];
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median with the smallest and the largest value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const median = Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
  return { median, low: at(0), high: at(sorted.length - 1) };
}

/** Ratios pair by pair, so that a drift of the machine's speed hurts both sides alike. */
export function ratioOf(one: readonly number[], other: readonly number[]): Spread {
  return spreadOf(one.map((value, round) => value / (other[round] ?? Number.NaN)));
}

async function once(side: Side): Promise<{ perSecond: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const units = await side.run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: units / seconds, cpuSeconds: (user + system) / 1e6 / units };
}

/** Runs the sides in turn, A B A B …, after one round that is not counted. */
export async function interleave(sides: readonly Side[], rounds: number): Promise<SideResult[]> {
  const results = sides.map(({ name }) => ({ name, perSecond: [] as number[], cpuSeconds: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const { perSecond, cpuSeconds } = await once(side);
      if (round === 0) continue;
      results[index]?.perSecond.push(perSecond);
      results[index]?.cpuSeconds.push(cpuSeconds);
    }
  }
  return results;
}
