import type { Estimate } from '@xvision/contracts';
import type { BootstrapOptions } from './bootstrap.js';
import { type McNemar, mcNemar, type PairedMetrics, pairedMetrics } from './comparison.js';
import { predictedClass } from './confusion.js';
import { type PairedDelong, pairedDelong } from './delong.js';
import { UNDEFINED_ESTIMATE } from './interval.js';
import { counted, differenceInWords } from './wording.js';

/** The out-of-fold scores of one run, as {@link plainComparison} needs them. */
export interface ComparableRun {
  /** How a reader knows it: a name, or the start of its id. */
  readonly name: string;
  readonly classes: readonly string[];
  readonly images: readonly {
    readonly imageId: string;
    readonly label: number;
    readonly patient: string;
    readonly probabilities: readonly number[];
  }[];
}

export interface Comparison {
  /** What these data can and cannot say about the difference, for a reader without statistics. */
  readonly sentence: string;
  /** Images that both runs tested under the same label; 0 where nothing can be compared, and the sentence says why. */
  readonly commonImages: number;
  readonly commonPatients: number;
  /** Of the common images alone, hence not always the numbers of the runs' own reports. */
  readonly metrics: PairedMetrics;
  /** For two classes and one image a patient; null otherwise. */
  readonly delong: PairedDelong | null;
  /** For one image a patient; null otherwise. */
  readonly mcNemar: McNemar | null;
}

const UNDEFINED_PAIR = { first: UNDEFINED_ESTIMATE, second: UNDEFINED_ESTIMATE, difference: UNDEFINED_ESTIMATE };

/** Compares two runs on the images that both tested. */
export function plainComparison(
  first: ComparableRun,
  second: ComparableRun,
  options: BootstrapOptions = {},
): Comparison {
  if (first.classes.join('\n') !== second.classes.join('\n')) {
    return nothing(
      `${first.name} and ${second.name} answer different questions (${first.classes.join(', ')} against ${second.classes.join(', ')}) and cannot be compared.`,
    );
  }
  const common = pairUp(first, second);
  if (common.length === 0) {
    return nothing(
      `${first.name} and ${second.name} share no image that both tested under the same label: their numbers cannot be compared pair by pair.`,
    );
  }

  const labels = common.map((one) => one.label);
  const patients = common.map((one) => one.patient);
  const scores = { first: common.map((one) => one.first), second: common.map((one) => one.second) };
  const metrics = pairedMetrics({ labels, patients, ...scores }, options);
  const commonPatients = new Set(patients).size;
  const independent = commonPatients === patients.length;
  const positive = { first: scores.first.map((row) => row[1] ?? 0), second: scores.second.map((row) => row[1] ?? 0) };
  const predicted = { first: scores.first.map(predictedClass), second: scores.second.map(predictedClass) };
  const aucDifference = metrics.auc.difference;
  return {
    sentence: sentenceOf({ first: first.name, second: second.name, aucDifference, images: common.length }),
    commonImages: common.length,
    commonPatients,
    metrics,
    delong: independent && first.classes.length === 2 ? pairedDelong(labels, positive) : null,
    mcNemar: independent ? mcNemar(labels, predicted) : null,
  };
}

function nothing(reason: string): Comparison {
  const metrics = { auc: UNDEFINED_PAIR, accuracy: UNDEFINED_PAIR, brier: UNDEFINED_PAIR };
  return { sentence: capital(reason), commonImages: 0, commonPatients: 0, metrics, delong: null, mcNemar: null };
}

function pairUp(first: ComparableRun, second: ComparableRun) {
  const byImage = new Map(second.images.map((image) => [image.imageId, image]));
  return first.images.flatMap((image) => {
    const other = byImage.get(image.imageId);
    if (other === undefined || other.label !== image.label) return [];
    const { label, patient } = image;
    return [{ label, patient, first: image.probabilities, second: other.probabilities }];
  });
}

function sentenceOf(found: { first: string; second: string; aucDifference: Estimate; images: number }): string {
  const { first, second, aucDifference, images } = found;
  const { value, low, high } = aucDifference;
  const on = `on the ${counted(images, 'image')} that both tested`;
  if (value === null) return `The AUC is not defined ${on}, so ${first} and ${second} cannot be compared.`;
  const difference = `the AUC of ${first} minus that of ${second} is ${differenceInWords(aucDifference)}`;
  if (low === null || high === null) return `${capital(on)}, ${difference}; nothing follows from it.`;
  if (low > 0) return `${capital(on)}, ${difference}: ${first} ranks better, and these data support it.`;
  if (high < 0) return `${capital(on)}, ${difference}: ${second} ranks better, and these data support it.`;
  return `${capital(on)}, ${difference}: these data cannot tell the two apart, and differences inside that interval remain possible.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
