import { seededRandom } from './random.js';
import { rocAuc } from './roc.js';

/**
 * Labels dealt out anew among patients: each keeps its images together and gets another patient's labels. A pipeline that is
 * trained and tested on them must reach an AUC of about .5; more is a leak. The same seed gives the same labels.
 */
export function permuteLabelsByPatient(labels: readonly number[], patients: readonly string[], seed: number): number[] {
  const imagesOf = new Map<string, number[]>();
  for (const [image, patient] of patients.entries()) imagesOf.set(patient, [...(imagesOf.get(patient) ?? []), image]);
  const groups = [...imagesOf.values()];
  const dealt = groups.map((images) => images.map((image) => labels[image] ?? 0));
  const random = seededRandom(seed);
  for (let last = dealt.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [dealt[last], dealt[other]] = [dealt[other] ?? [], dealt[last] ?? []];
  }
  const permuted = [...labels];
  for (const [group, images] of groups.entries()) {
    const source = dealt[group] ?? [];
    // A patient with more images than the one whose labels it got repeats them.
    for (const [index, image] of images.entries()) permuted[image] = source[index % source.length] ?? 0;
  }
  return permuted;
}

/**
 * How often labels dealt out by chance among patients give an AUC at least as far from .5 as the observed: a two-sided
 * p-value, never 0 (the observed deal counts). Null when the AUC is not defined.
 */
export function permutationP(
  images: {
    readonly labels: readonly number[];
    readonly scores: readonly number[];
    readonly patients: readonly string[];
  },
  options: { readonly permutations?: number; readonly seed?: number } = {},
): number | null {
  const { permutations = 999, seed = 1 } = options;
  const observed = rocAuc(images.labels, images.scores);
  if (observed === null) return null;
  let asFar = 1;
  for (let n = 0; n < permutations; n += 1) {
    const auc = rocAuc(permuteLabelsByPatient(images.labels, images.patients, seed + n), images.scores);
    if (auc !== null && Math.abs(auc - 0.5) >= Math.abs(observed - 0.5) - 1e-12) asFar += 1;
  }
  return asFar / (permutations + 1);
}
