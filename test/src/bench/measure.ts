import type { Spread } from './rounds.js';

/** What the issue asks for; a bench reports it and never fails by it. */
export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure of a bench. */
export interface Measure {
  readonly what: string;
  /** `x` for a ratio. */
  readonly unit: 'x' | '%' | 's' | 'ms' | 'kB' | 'MB' | 'events/s' | 'images/s';
  readonly spread: Spread;
  /** One entry a round. */
  readonly rounds: readonly number[];
  readonly target?: Target;
  /** What a reader has to know to read the figure rightly. */
  readonly note?: string;
}

export interface BenchContext {
  readonly rounds: number;
  /** Small sizes: to see that a bench works, not for its figures. */
  readonly quick: boolean;
  /** Threads of the engines, the same on both sides of a comparison. */
  readonly threads: number;
  readonly cacheDir: string;
  readonly log: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  run(context: BenchContext): Promise<Measure[]>;
}

/** Whether the median keeps to its target; undefined where there is none. */
export function keepsTarget({ spread, target }: Measure): boolean | undefined {
  if (target === undefined) return undefined;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = target;
  return spread.median >= atLeast && spread.median <= atMost;
}
