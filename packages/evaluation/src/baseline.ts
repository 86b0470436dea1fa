import { fitLogistic, type LogisticModel, logisticProbability } from './logistic-regression.js';

/**
 * Strength of the penalty per column: C = 3 / D in scikit-learn's terms, on standardised columns. With it the five
 * published foldings give the .672 and .950 of science.md section 2.
 */
const L2_PER_COLUMN = 1 / 3;

/** Images of a frozen dataset as a baseline sees them: a few numbers each and the model's own folds. */
export interface BaselineInput {
  /** The numbers of each image; null where one is unknown. */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly number[];
  readonly classes: number;
  /** Per image, one entry per repeat: the fold in which it is tested; -1 = only ever trained on. */
  readonly folds: readonly (readonly number[])[];
}

/**
 * Probabilities per class from logistic regression on each image's few numbers, each image scored by fits that never
 * saw its fold, averaged over repeats; null for images that are never tested. Null as a whole where a training side
 * lacks a class. Fitting is deterministic, so equal input gives equal bits.
 */
export function outOfFoldLogistic(input: BaselineInput): (readonly number[] | null)[] | null {
  const { rows, folds, classes } = input;
  const repeats = Math.max(0, ...folds.map((one) => one.length));
  const sums = rows.map(() => new Float64Array(classes));
  const times = new Uint32Array(rows.length);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const foldOf = folds.map((one) => one[repeat] ?? -1);
    for (const fold of new Set(foldOf.filter((one) => one >= 0))) {
      const score = fitOneAgainstRest(input, (image) => foldOf[image] !== fold);
      if (score === null) return null;
      for (const [image, row] of rows.entries()) {
        if (foldOf[image] !== fold) continue;
        for (const [k, p] of score(row).entries()) addTo(sums[image], k, p);
        times[image] = (times[image] ?? 0) + 1;
      }
    }
  }
  return sums.map((sum, image) => {
    const n = times[image] ?? 0;
    return n === 0 ? null : Array.from(sum, (value) => value / n);
  });
}

type Score = (row: readonly (number | null)[]) => number[];

/** Two classes need one fit; more are fitted one against the rest and scaled to sum to one. */
function fitOneAgainstRest(input: BaselineInput, isTrainedOn: (image: number) => boolean): Score | null {
  const training = input.rows.map((_, image) => image).filter(isTrainedOn);
  const rows = training.map((image) => input.rows[image] ?? []);
  const labels = training.map((image) => input.labels[image] ?? -1);
  const positives = input.classes === 2 ? [1] : Array.from({ length: input.classes }, (_, k) => k);
  const models: LogisticModel[] = [];
  for (const positive of positives) {
    const isPositive: number[] = labels.map((label) => (label === positive ? 1 : 0));
    if (!isPositive.includes(1) || !isPositive.includes(0)) return null;
    models.push(fitLogistic(rows, isPositive, (rows[0]?.length ?? 0) * L2_PER_COLUMN));
  }
  return (row) => {
    const scores = models.map((model) => logisticProbability(model, row));
    const [only = 0] = scores;
    if (input.classes === 2) return [1 - only, only];
    const total = scores.reduce((sum, value) => sum + value, 0);
    return scores.map((value) => (total === 0 ? 1 / scores.length : value / total));
  };
}

function addTo(values: Float64Array | undefined, index: number, amount: number): void {
  if (values !== undefined) values[index] = (values[index] ?? 0) + amount;
}

/** What is known of a person and a picture without looking at it. */
export interface Covariates {
  readonly age: number | null;
  readonly sex: 'female' | 'male' | null;
  readonly view: 'frontal' | 'lateral' | null;
}

/** Age in years, sex and view as numbers for {@link outOfFoldLogistic}; null where unknown. */
export function covariateRow({ age, sex, view }: Covariates): (number | null)[] {
  return [age, sex === null ? null : Number(sex === 'male'), view === null ? null : Number(view === 'lateral')];
}

/** Reads covariates from a source's columns, whatever it calls and writes them (`age`, `PatientAge` "053Y", `sex` "M"). */
export function readCovariates(attributes: Readonly<Record<string, unknown>>, view: string): Covariates {
  const byName = new Map(
    Object.entries(attributes).map(([name, value]) => [name.toLowerCase().replaceAll(/[^a-z]/g, ''), value]),
  );
  const age = /^0*(\d{1,3}(?:\.\d+)?)\s*(?:y|years?)?$/i.exec(text(byName.get('age') ?? byName.get('patientage')));
  const sex = text(byName.get('sex') ?? byName.get('patientsex') ?? byName.get('gender')).toLowerCase();
  return {
    age: age?.[1] === undefined ? null : Number(age[1]),
    sex: sex === 'f' || sex === 'female' ? 'female' : sex === 'm' || sex === 'male' ? 'male' : null,
    view: view === 'frontal' || view === 'lateral' ? view : null,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
