import type { Pipeline } from '@xvision/contracts';

type Stage = Pipeline['stages'][number]['stage'];

interface Sample {
  readonly at: number;
  readonly done: ReadonlyMap<Stage, number>;
}

/** How far back a rate looks: long enough to be calm, short enough to tell that work has stopped. */
const WINDOW_MS = 60_000;

/** What came out of each stage a minute, from what the live stream has told of the last minute. */
export class Rates {
  #samples: readonly Sample[] = [];

  /** Takes note of a state of the pipeline; the rates until then, empty while there is nothing to compare with. */
  after({ at, stages }: Pick<Pipeline, 'at' | 'stages'>): ReadonlyMap<Stage, number> {
    const now: Sample = { at: Date.parse(at), done: new Map(stages.map(({ stage, done }) => [stage, done])) };
    const recent = this.#samples.filter((one) => one.at < now.at && now.at - one.at <= WINDOW_MS);
    this.#samples = [...recent, now];
    const first = recent[0];
    if (first === undefined) return new Map();
    const minutes = (now.at - first.at) / 60_000;
    return new Map([...now.done].map(([stage, done]) => [stage, (done - (first.done.get(stage) ?? done)) / minutes]));
  }
}
