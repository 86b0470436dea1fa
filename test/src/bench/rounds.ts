/** What one turn of a side did. */
export interface Work {
  /** Images, events, trainings. */
  readonly units: number;
  /** Where only a part of the turn counts, or somebody else measured it; else the whole turn. */
  readonly seconds?: number;
  /** CPU time where another process did the work; else this process's. */
  readonly cpuSeconds?: number;
}

/** One side of a comparison: does its work once and says how much it did. */
export interface Side {
  readonly name: string;
  /** What has to be there first; not measured. */
  prepare?(): Promise<void>;
  run(): Promise<number | Work>;
}

export interface SideResult {
  readonly name: string;
  /** Work a second, one entry a round. */
  readonly perSecond: readonly number[];
  /** CPU seconds a unit of work, one entry a round. */
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

/** Pair by pair, so that a drift of the machine's speed hurts both sides alike. */
export function ratiosOf(one: readonly number[], other: readonly number[]): number[] {
  return one.map((value, round) => value / (other[round] ?? Number.NaN));
}

async function once(side: Side): Promise<{ perSecond: number; cpuSeconds: number }> {
  await side.prepare?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const done = await side.run();
  const whole = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const {
    units,
    seconds = whole,
    cpuSeconds = (user + system) / 1e6,
  }: Work = typeof done === 'number' ? { units: done } : done;
  return { perSecond: units / seconds, cpuSeconds: cpuSeconds / units };
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
