import type { Metrics } from '@xvision/contracts';
import type { EvaluatedImage, PooledScores } from './pooled-scores.js';
import { isGainShown } from './verdict.js';
import { counted, decimal } from './wording.js';

/** What a report must know besides scores in order to warn rightly. */
export interface ReportContext {
  readonly task: string;
  readonly synthetic: boolean;
  readonly untrainedBackbone: boolean;
  /** What the folds share between training and test, a sentence each; it was allowed. */
  readonly leaks: readonly string[];
  /** A class is about nodules, for which published results say what is believable. */
  readonly aboutNodules: boolean;
}

interface Findings {
  readonly metrics: Metrics;
  readonly images: readonly EvaluatedImage[];
  readonly context: ReportContext;
  readonly pooled: PooledScores;
}

/** Below this many tested patients in a class the AUC's interval is about +-.1 wide or more (science.md section 4). */
const FEW_PATIENTS = 50;

/** Frozen ImageNet features have not honestly exceeded this on nodules (science.md section 4). */
const SUSPICIOUS_NODULE_AUC = 0.85;

/** Above this there is no room left to show what a network adds. */
const CEILING_AUC = 0.95;

/** Pooled and within-fold AUC further apart than this: the pooled one measures the folds' offsets. */
const FOLD_OFFSET = 0.05;

/** What a reader must know before believing a number; the gravest first. */
export function warningsOf(findings: Findings): string[] {
  return [
    ...aboutTheImages(findings),
    ...aboutLeaks(findings),
    ...aboutTheAuc(findings),
    ...aboutTheBaseline(findings),
    ...aboutTheAccuracy(findings),
    ...aboutTheSize(findings),
  ];
}

function aboutTheImages({ context }: Findings): string[] {
  const warnings: string[] = [];
  if (context.synthetic) {
    warnings.push(
      'Synthetic images: drawn by a program, not taken of people. No number here says anything about patients.',
    );
  }
  if (context.untrainedBackbone) {
    warnings.push(
      'UNTRAINED BACKBONE: the features come from random weights, not from ImageNet. These results are not those of transfer learning.',
    );
  }
  return warnings;
}

function aboutLeaks({ images, context }: Findings): string[] {
  if (context.leaks.length > 0) {
    return [
      `LEAKS WERE ALLOWED: ${context.leaks.join('; ')}. The results flatter the model and say little about new patients.`,
    ];
  }
  const shared = patientsOnBothSides(images);
  if (shared === 0) return [];
  const who = shared === 1 ? '1 patient is' : `${shared} patients are`;
  return [`${who} in training and test at once: the results flatter the model.`];
}

/** Patients with images in more than one fold of a repeat, or both tested and only ever trained on. */
function patientsOnBothSides(images: readonly EvaluatedImage[]): number {
  const straddling = new Set<string>();
  const foldOf = new Map<string, number>();
  for (const { patient, folds } of images) {
    for (const [repeat, fold] of folds.entries()) {
      const key = `${repeat}/${patient}`;
      const known = foldOf.get(key) ?? fold;
      if (known !== fold) straddling.add(patient);
      foldOf.set(key, known);
    }
  }
  return straddling.size;
}

function aboutTheAuc({ metrics, context, pooled }: Findings): string[] {
  const { auc, withinFoldAuc } = metrics;
  if (pooled.labels.length === 0) return ['No image was tested: nothing can be said about this model.'];
  const missing = metrics.perClass.filter((one) => one.support === 0).map((one) => one.label);
  if (missing.length > 0) {
    return [`No image of ${missing.map((name) => `"${name}"`).join(', ')} was tested, so the AUC is not defined.`];
  }
  if (auc.value === null) return [];
  const warnings: string[] = [];
  if (isConstant(pooled))
    warnings.push('Every image got the same score: the model has learned nothing from the pictures.');
  if (auc.value === 1) {
    warnings.push('Perfect separation (AUC 1): look for a leak or a shortcut before believing it.');
  } else if (context.aboutNodules && !context.synthetic && auc.value > SUSPICIOUS_NODULE_AUC) {
    warnings.push(
      `AUC ${decimal(auc.value)} is above anything that frozen ImageNet features have honestly reached on nodules (about ${SUSPICIOUS_NODULE_AUC}): suspect a leak between training and test first.`,
    );
  }
  if (auc.low !== null && auc.high !== null && auc.low <= 0.5 && auc.high >= 0.5) {
    warnings.push('The AUC cannot be told from chance (0.5).');
  } else if (auc.high !== null && auc.high < 0.5) {
    warnings.push('The AUC is below chance: labels may be exchanged, or the folds differ from each other.');
  }
  if (withinFoldAuc !== null && Math.abs(withinFoldAuc - auc.value) > FOLD_OFFSET) {
    warnings.push(
      `Pooled AUC ${decimal(auc.value)} and mean AUC within folds ${decimal(withinFoldAuc)} differ: the networks of different folds do not score on one scale, so believe the one within folds.`,
    );
  }
  return warnings;
}

function aboutTheBaseline({ metrics }: Findings): string[] {
  const { baseline, auc } = metrics;
  if (baseline === null)
    return ['No no-network baseline could be computed, so a shortcut in the pictures cannot be excluded.'];
  if (baseline.auc.value === null || auc.value === null) return [];
  const warnings: string[] = [];
  if (!isGainShown(baseline.gain)) {
    warnings.push(
      'The gain over 15 grey statistics without a network cannot be told from zero: the model may see how pictures were taken, not disease.',
    );
  }
  if (baseline.auc.value > CEILING_AUC) {
    warnings.push(
      `Brightness and borders alone reach AUC ${decimal(baseline.auc.value)}: the classes were pictured differently, and this collection cannot show how well disease is seen.`,
    );
  } else if (auc.value > CEILING_AUC) {
    warnings.push('Near the ceiling: differences between models will not show on this collection.');
  }
  return warnings;
}

function aboutTheAccuracy({ metrics }: Findings): string[] {
  const total = metrics.perClass.reduce((sum, one) => sum + one.support, 0);
  const largest = metrics.perClass.reduce((best, one) => (one.support > best.support ? one : best), {
    label: '',
    support: 0,
  });
  const { value, low } = metrics.accuracy;
  if (value === null || low === null || total === 0 || low > largest.support / total) return [];
  return [
    `Accuracy ${decimal(value)} cannot be told from always answering "${largest.label}" (${decimal(largest.support / total)}).`,
  ];
}

function aboutTheSize({ metrics, pooled }: Findings): string[] {
  const few = metrics.classes
    .map((name, k) => ({ name, patients: new Set(pooled.patients.filter((_, i) => pooled.labels[i] === k)).size }))
    .filter(({ patients }) => patients > 0 && patients < FEW_PATIENTS)
    .map(({ name, patients }) => `${counted(patients, 'patient')} with "${name}"`);
  if (few.length === 0) return [];
  return [`Few patients were tested (${few.join(', ')}): the intervals are wide, and small differences mean nothing.`];
}

function isConstant({ probabilities }: PooledScores): boolean {
  const [first] = probabilities;
  return probabilities.length > 1 && probabilities.every((row) => row.every((value, k) => value === first?.[k]));
}
