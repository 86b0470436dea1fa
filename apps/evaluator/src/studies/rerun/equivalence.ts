import type { Equivalence, ProofLink } from '@xvision/contracts';
import { acceptance, pairedAucDifference } from '@xvision/evaluation';
import type { Computed, Trainings } from './compared-links.js';

/** The image of a place in the dataset. */
interface Member {
  readonly label: number;
  readonly patient: string;
}

/**
 * A training on another engine beside the recorded one. In float32 two libraries leave a common course sooner or later
 * (docs/decisions/0155), so what has to be the same is not each number but what they say: the pooled AUC, shown to lie within
 * the margin that an approximate network must keep to.
 */
export function equivalenceOf(
  { recorded, again }: Trainings,
  members: readonly Member[],
): { readonly equivalence: Equivalence; readonly link: ProofLink } {
  const [before, after] = [pooled(recorded), pooled(again)];
  const places = [...new Set([...before.keys(), ...after.keys()])].sort((left, right) => left - right);
  const pick = (scores: Pooled) => places.map((place) => scores.get(place) ?? []);
  const tested = places.flatMap((place) => members[place] ?? []);
  const [first, second] = [pick(after), pick(before)];
  const complete = [...first, ...second].every((row) => row.length > 0 && row.every(Number.isFinite));
  const difference = complete
    ? pairedAucDifference({
        labels: tested.map(({ label }) => label),
        patients: tested.map(({ patient }) => patient),
        first,
        second,
      })
    : { value: null, low: null, high: null };
  const { accepted, margin, sentence } = acceptance(difference);
  const scores = first.flatMap((row, at) => row.map((value, k) => Math.abs(value - (second[at]?.[k] ?? Number.NaN))));
  const sorted = scores.toSorted((left, right) => left - right);
  const apart = {
    largestLoss: largestLoss({ recorded, again }),
    medianProbability: sorted[Math.floor(sorted.length / 2)] ?? 0,
    largestProbability: sorted.at(-1) ?? 0,
  };
  const problem = complete
    ? `trained again on another engine: ${sentence} Only the engine that trained the run can give its bits`
    : 'not every image was scored on both engines: train the run again';
  return {
    equivalence: { difference, margin, apart },
    link: {
      level: 'training',
      of: 'the test scores of all folds',
      imageId: null,
      expected: null,
      found: null,
      problem: accepted ? null : problem,
    },
  };
}

/** Mean probabilities over repeats, by place. */
type Pooled = ReadonlyMap<number, readonly number[]>;

function pooled({ scores }: Computed): Pooled {
  const rows = new Map<number, (readonly number[])[]>();
  for (const { place, probabilities } of scores) rows.set(place, [...(rows.get(place) ?? []), probabilities]);
  return new Map(
    [...rows].map(([place, own]) => {
      const mean = (k: number) => own.reduce((sum, one) => sum + (one[k] ?? Number.NaN), 0) / own.length;
      return [place, (own[0] ?? []).map((_, k) => mean(k))];
    }),
  );
}

/** Relative, over the epochs of every network that both have. */
function largestLoss({ recorded, again }: Trainings): number {
  const before = new Map(recorded.curves.map(({ fold, member, losses }) => [`${fold} ${member}`, losses]));
  const apart = again.curves.flatMap(({ fold, member, losses }) => {
    const old = before.get(`${fold} ${member}`) ?? [];
    return losses.flatMap((loss, epoch) => {
      const then = old[epoch];
      return then === undefined ? [] : [Math.abs(loss - then) / Math.abs(then)];
    });
  });
  return apart.reduce((most, one) => Math.max(most, one), 0);
}
