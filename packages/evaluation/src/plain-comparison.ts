import type { Estimate } from '@xvision/contracts';
import type { BootstrapOptions } from './bootstrap.js';
import { type McNemar, mcNemar, pairedAucDifference } from './comparison.js';
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
  /** Images that both runs tested under the same label. */
  readonly commonImages: number;
  /** AUC of the first minus that of the second, with the interval of the paired patient bootstrap. */
  readonly aucDifference: Estimate;
  /** For two classes and one image a patient; null otherwise. */
  readonly delong: PairedDelong | null;
  readonly mcNemar: McNemar | null;
}

/** Compares two runs on the images that both tested. */
export function plainComparison(
  first: ComparableRun,
  second: ComparableRun,
  options: BootstrapOptions = {},
): Comparison {
  const nothing = { aucDifference: UNDEFINED_ESTIMATE, delong: null, mcNemar: null };
  if (first.classes.join('\n') !== second.classes.join('\n')) {
    const sentence = `${first.name} and ${second.name} answer different questions (${first.classes.join(', ')} against ${second.classes.join(', ')}) and cannot be compared.`;
    return { sentence, commonImages: 0, ...nothing };
  }
  const common = pairUp(first, second);
  if (common.length === 0) {
    const sentence = `${first.name} and ${second.name} were tested on different images: their numbers cannot be compared pair by pair.`;
    return { sentence, commonImages: 0, ...nothing };
  }

  const labels = common.map((one) => one.label);
  const patients = common.map((one) => one.patient);
  const scores = { first: common.map((one) => one.first), second: common.map((one) => one.second) };
  const aucDifference = pairedAucDifference({ labels, patients, ...scores }, options);
  const independent = new Set(patients).size === patients.length;
  const positive = { first: scores.first.map((row) => row[1] ?? 0), second: scores.second.map((row) => row[1] ?? 0) };
  return {
    sentence: sentenceOf({ first: first.name, second: second.name, aucDifference, images: common.length }),
    commonImages: common.length,
    aucDifference,
    delong: independent && first.classes.length === 2 ? pairedDelong(labels, positive) : null,
    mcNemar: mcNemar(labels, { first: scores.first.map(predictedClass), second: scores.second.map(predictedClass) }),
  };
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
