import type { FoldResult, Subgroup } from '@xvision/contracts';
import { modelAuc } from './auc-estimate.js';
import type { Covariates } from './baseline.js';
import type { BootstrapOptions } from './bootstrap.js';
import { proportion } from './clustered-proportion.js';
import { predictedClass } from './confusion.js';
import { UNDEFINED_ESTIMATE } from './interval.js';
import type { ImageScore } from './pooled-scores.js';

/** A tested image with what it can be grouped by. */
export interface GroupedImage {
  readonly label: number;
  readonly patient: string;
  /** Means over repeats. */
  readonly probabilities: readonly number[];
  readonly covariates: Covariates;
  /** Where it comes from: source and name of its collection. */
  readonly source: string;
}

const AGE_BANDS = [
  { below: 40, name: 'under 40' },
  { below: 60, name: '40 to 59' },
  { below: Number.POSITIVE_INFINITY, name: '60 and over' },
] as const;
const UNKNOWN = 'unknown';

const GROUPINGS: readonly { by: Exclude<Subgroup['by'], 'all'>; groupOf: (image: GroupedImage) => string }[] = [
  { by: 'view', groupOf: ({ covariates }) => covariates.view ?? UNKNOWN },
  { by: 'sex', groupOf: ({ covariates }) => covariates.sex ?? UNKNOWN },
  { by: 'age', groupOf: ({ covariates }) => ageBand(covariates.age) },
  { by: 'source', groupOf: ({ source }) => source },
];

/**
 * The whole and its parts by view, sex, age and source, each with intervals that know of patients. A grouping under
 * which nothing is known of any image is left out; images of which nothing is known stand as `unknown` beside the others.
 */
export function subgroupTable(images: readonly GroupedImage[], options: BootstrapOptions = {}): Subgroup[] {
  if (images.length === 0) return [];
  const parts = GROUPINGS.flatMap(({ by, groupOf }) => {
    const groups = grouped(images, groupOf);
    if (groups.size === 1 && groups.has(UNKNOWN)) return [];
    const sorted = [...groups].sort(([one], [other]) => place(one) - place(other) || (one < other ? -1 : 1));
    return sorted.map(([group, members]) => ({ by, group, ...figuresOf(members, options) }));
  });
  return [{ by: 'all', group: 'every tested image', ...figuresOf(images, options) }, ...parts];
}

/** Every fold of every repeat by itself. */
export function foldTable(
  images: readonly { readonly label: number; readonly patient: string; readonly scores: readonly ImageScore[] }[],
  options: BootstrapOptions = {},
): FoldResult[] {
  const scored = images.flatMap(({ label, patient, scores }) => scores.map((score) => ({ label, patient, ...score })));
  const folds = [...grouped(scored, ({ repeat, fold }) => `${repeat}/${fold}`).values()];
  return folds
    .flatMap((members) => {
      const [first] = members;
      if (first === undefined) return [];
      const { images: n, patients, auc, accuracy } = figuresOf(members, options);
      return [{ repeat: first.repeat, fold: first.fold, images: n, patients, auc, accuracy }];
    })
    .sort((one, other) => one.repeat - other.repeat || one.fold - other.fold);
}

type Figures = Omit<Subgroup, 'by' | 'group'>;

function figuresOf(
  images: readonly Pick<GroupedImage, 'label' | 'patient' | 'probabilities'>[],
  options: BootstrapOptions,
): Figures {
  const labels = images.map(({ label }) => label);
  const patients = images.map(({ patient }) => patient);
  const probabilities = images.map((image) => image.probabilities);
  const trials = images.map(({ label, patient, probabilities: row }) => ({
    label,
    patient,
    success: predictedClass(row) === label,
  }));
  const two = probabilities[0]?.length === 2;
  return {
    images: images.length,
    patients: new Set(patients).size,
    auc: modelAuc({ labels, probabilities, patients }, options),
    accuracy: proportion(trials),
    sensitivity: two ? proportion(trials.filter(({ label }) => label === 1)) : UNDEFINED_ESTIMATE,
    specificity: two ? proportion(trials.filter(({ label }) => label === 0)) : UNDEFINED_ESTIMATE,
  };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function ageBand(age: number | null): string {
  return age === null ? UNKNOWN : (AGE_BANDS.find(({ below }) => age < below)?.name ?? UNKNOWN);
}

/** Age bands in their order, the unknown last. */
function place(group: string): number {
  if (group === UNKNOWN) return AGE_BANDS.length + 1;
  const band = AGE_BANDS.findIndex(({ name }) => name === group);
  return band < 0 ? 0 : band;
}
