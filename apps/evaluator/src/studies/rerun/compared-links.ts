import { createHash } from 'node:crypto';
import type { ProofLink } from '@xvision/contracts';

/** What a training comes to. */
export interface Computed {
  readonly curves: readonly { readonly fold: number; readonly member: number; readonly losses: readonly number[] }[];
  readonly scores: readonly {
    readonly repeat: number;
    readonly fold: number;
    /** Of the image in the dataset. */
    readonly place: number;
    readonly probabilities: readonly number[];
  }[];
  readonly modelSha256: string;
}

/** A training as it was recorded, and the same trained again. */
export interface Trainings {
  readonly recorded: Computed;
  readonly again: Computed;
}

/**
 * Every bit must be the same: one link a loss curve, one a tested fold, one for the model's bytes; in the order in which
 * they are computed.
 */
export function comparedLinks({ recorded, again }: Trainings): ProofLink[] {
  const curves = sides(recorded.curves, again.curves, {
    key: ({ fold, member }) => `${fold} ${member}`,
    values: ({ losses }) => losses,
  });
  const scores = sides(byFold(recorded), byFold(again), { key: ({ of }) => of, values: ({ values }) => values });
  return [
    ...curves.map(({ one: { fold, member }, expected, found }) =>
      link(`losses of ${fold < 0 ? 'the delivered model' : `fold ${fold}`}, network ${member}`, {
        expected,
        found,
        distance: (wanted, got) => Math.abs(got - wanted) / Math.abs(wanted),
      }),
    ),
    ...scores.map(({ one: { of }, expected, found }) =>
      link(`test scores of ${of}`, {
        expected,
        found,
        distance: (wanted, got) => Math.abs(got - wanted),
      }),
    ),
    modelLink(recorded.modelSha256, again.modelSha256),
  ];
}

interface Sides<One> {
  readonly one: One;
  readonly expected: readonly number[] | undefined;
  readonly found: readonly number[] | undefined;
}

/** What was recorded beside what came out again, by key; what only one of them has stands alone. */
function sides<One>(
  recorded: readonly One[],
  again: readonly One[],
  { key, values }: { key: (one: One) => string; values: (one: One) => readonly number[] },
): Sides<One>[] {
  const before = new Map(recorded.map((one) => [key(one), one]));
  const after = new Map(again.map((one) => [key(one), one]));
  return [...new Map([...before, ...after])]
    .sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }))
    .map(([name, one]) => {
      const [old, young] = [before.get(name), after.get(name)];
      return {
        one,
        expected: old === undefined ? undefined : values(old),
        found: young === undefined ? undefined : values(young),
      };
    });
}

function byFold({ scores }: Computed): { of: string; values: number[] }[] {
  const folds = new Map<string, { place: number; probabilities: readonly number[] }[]>();
  for (const { repeat, fold, place, probabilities } of scores) {
    const of = `repeat ${repeat}, fold ${fold}`;
    folds.set(of, [...(folds.get(of) ?? []), { place, probabilities }]);
  }
  return [...folds].map(([of, rows]) => {
    const sorted = rows.toSorted((left, right) => left.place - right.place);
    return { of, values: sorted.flatMap(({ place, probabilities }) => [place, ...probabilities]) };
  });
}

interface Comparison {
  readonly expected: readonly number[] | undefined;
  readonly found: readonly number[] | undefined;
  readonly distance: (wanted: number, got: number) => number;
}

function link(of: string, { expected, found, distance }: Comparison): ProofLink {
  const place = { level: 'training' as const, of, imageId: null };
  const hashes = { expected: hashOf(expected), found: hashOf(found) };
  if (expected === undefined || found === undefined || expected.length !== found.length) {
    const side = expected === undefined ? 'was not recorded for the run' : 'did not come out again';
    const problem = expected !== undefined && found !== undefined ? 'holds another number of values' : side;
    return { ...place, ...hashes, problem: `${of} ${problem}: train the run again` };
  }
  if (hashes.expected === hashes.found) return { ...place, ...hashes, problem: null };
  const furthest = expected.reduce((most, wanted, index) => {
    const own = wanted === found[index] ? 0 : distance(wanted, found[index] ?? Number.NaN);
    return Math.max(most, own); // NaN stays NaN
  }, 0);
  const apart = `came out ${furthest.toPrecision(3)} apart, where every bit should be the same`;
  return { ...place, ...hashes, problem: `trained again, ${of} ${apart}` };
}

function modelLink(expected: string, found: string): ProofLink {
  const problem =
    expected === found ? null : 'trained again, the model came out with other bytes: it is not what these images give';
  return { level: 'training', of: 'the delivered model', imageId: null, expected, found, problem };
}

/** Of the numbers as float64, so that a hash names a bit pattern. */
function hashOf(values: readonly number[] | undefined): string | null {
  if (values === undefined) return null;
  return createHash('sha256').update(Float64Array.from(values)).digest('hex');
}
