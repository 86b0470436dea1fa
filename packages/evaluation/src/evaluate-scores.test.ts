import { describe, expect, test } from 'vitest';
import { type EvaluationInput, evaluateScores } from './evaluate-scores.js';
import type { EvaluatedImage } from './pooled-scores.js';
import { seededRandom } from './random.js';

const CONTEXT = { task: 'nodule', synthetic: false, untrainedBackbone: false, leaks: [], aboutNodules: true };
const NO_COVARIATES = { age: null, sex: null, view: null } as const;
const FAST = { resamples: 200 };

interface Study {
  readonly images: number;
  /** How far the two classes' scores lie apart. */
  readonly skill: number;
  /** How far apart the classes' brightness is. */
  readonly brightness: number;
  readonly repeats: number;
}

/** Cross-validated images, one per patient, five folds, every third positive. */
function aStudy(given: Partial<Study> = {}): EvaluationInput {
  const { images, skill, brightness, repeats } = { images: 240, skill: 0.25, brightness: 0, repeats: 1, ...given };
  const random = seededRandom(11);
  const uniform = () => random.uint32() / 2 ** 32;
  return {
    classes: ['normal', 'nodule'],
    context: CONTEXT,
    bootstrap: FAST,
    images: Array.from({ length: images }, (_, i): EvaluatedImage => {
      const label = i % 3 === 0 ? 1 : 0;
      const folds = Array.from({ length: repeats }, (_unused, repeat) => (i + repeat) % 5);
      return {
        label,
        patient: `patient ${i}`,
        folds,
        scores: folds.map((fold, repeat) => {
          const p = Math.min(1, Math.max(0, uniform() * 0.75 + label * skill));
          return { repeat, fold, probabilities: [1 - p, p] };
        }),
        grey: [uniform() + label * brightness, uniform()],
        covariates: NO_COVARIATES,
      };
    }),
  };
}

function mapImages(input: EvaluationInput, change: (image: EvaluatedImage, i: number) => EvaluatedImage) {
  return { ...input, images: input.images.map(change) };
}

function everyNumber(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(everyNumber);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(everyNumber) : [];
}

describe('evaluateScores', () => {
  test('a skilled model on plain pictures beats the no-network baseline, and the verdict says so', () => {
    const { metrics } = evaluateScores(aStudy());

    expect(metrics.auc.value).toBeGreaterThan(0.75);
    expect(metrics.auc.low).toBeLessThan(metrics.auc.value ?? 0);
    expect(metrics.withinFoldAuc).toBeCloseTo(metrics.auc.value ?? 0, 1);
    expect(metrics.perClass.map((one) => one.support)).toEqual([160, 80]);
    expect(metrics.baseline?.verdict).toContain('the model does better than they do');
    expect(metrics.warnings.join()).not.toContain('cannot be told from zero');
  });

  test('when brightness gives the class away the gain is not shown, and the report says so', () => {
    const { metrics } = evaluateScores(aStudy({ brightness: 0.4 }));

    expect(metrics.baseline?.verdict).toMatch(/cannot tell it from zero|WORSE/);
    expect(metrics.warnings).toContainEqual(expect.stringContaining('cannot be told from zero'));
  });

  test('repeats are pooled by averaging, which ranks better than one of them', () => {
    const one = evaluateScores(aStudy({ repeats: 1 })).metrics;
    const ten = evaluateScores(aStudy({ repeats: 10 })).metrics;

    expect(ten.auc.value).toBeGreaterThan(one.auc.value ?? 1);
    expect(ten.perClass.map((each) => each.support)).toEqual([160, 80]);
  });

  test('equal scores give the same report to the last bit', () => {
    expect(evaluateScores(aStudy())).toEqual(evaluateScores(aStudy()));
  });

  test('every number is finite or null, also with one class only, constant scores or nothing tested', () => {
    const constant = mapImages(aStudy({ images: 30 }), (image) => ({
      ...image,
      scores: image.scores.map((score) => ({ ...score, probabilities: [0.5, 0.5] })),
    }));
    const oneClass = mapImages(aStudy({ images: 30 }), (image) => ({ ...image, label: 1 }));
    const nothing = mapImages(aStudy({ images: 30 }), (image) => ({ ...image, folds: [-1], scores: [] }));

    for (const input of [constant, oneClass, nothing, { ...nothing, images: [] }]) {
      const evaluation = evaluateScores(input);
      expect(everyNumber(evaluation).every(Number.isFinite)).toBe(true);
      expect(evaluation.metrics.warnings.length).toBeGreaterThan(0);
    }
    expect(evaluateScores(constant).metrics.auc.value).toBe(0.5);
    expect(evaluateScores(constant).metrics.warnings).toContainEqual(expect.stringContaining('the same score'));
    expect(evaluateScores(oneClass).metrics.auc).toEqual({ value: null, low: null, high: null });
    expect(evaluateScores(oneClass).metrics.perClass[0]?.recall.value).toBeNull();
    expect(evaluateScores(nothing).metrics.accuracy.value).toBeNull();
  });

  test('three classes are judged one against the rest', () => {
    const input = mapImages({ ...aStudy(), classes: ['a', 'b', 'c'] }, (image, i) => ({
      ...image,
      label: i % 3,
      scores: image.scores.map((score) => ({
        ...score,
        probabilities: i % 7 === 0 ? [1 / 3, 1 / 3, 1 / 3] : [0, 1, 2].map((k) => (k === i % 3 ? 0.8 : 0.1)),
      })),
    }));

    const { metrics, named } = evaluateScores(input);

    expect(metrics.auc.value).toBeGreaterThan(0.8);
    expect(metrics.confusion).toHaveLength(3);
    expect(named.get('class.b.auc')?.value).toBeGreaterThan(0.8);
    expect(named.has('sensitivity')).toBe(false);
  });

  test('a hold-out has no within-fold AUC, and images only trained on are not counted', () => {
    const holdout = mapImages(aStudy(), (image, i) =>
      i < 160
        ? { ...image, folds: [-1], scores: [] }
        : { ...image, folds: [0], scores: image.scores.map((score) => ({ ...score, fold: 0 })) },
    );

    const { metrics } = evaluateScores(holdout);

    expect(metrics.withinFoldAuc).toBeNull();
    expect(metrics.perClass.reduce((sum, one) => sum + one.support, 0)).toBe(80);
    expect(metrics.baseline).not.toBeNull();
  });

  test('a score that is not a probability per class is refused by name, not reported', () => {
    const broken = mapImages(aStudy(), (image, i) =>
      i === 7 ? { ...image, scores: [{ repeat: 0, fold: 0, probabilities: [Number.NaN, 1] }] } : image,
    );

    expect(() => evaluateScores(broken)).toThrow('patient 7');
  });

  describe('warnings', () => {
    test('synthetic images and untrained backbones come first', () => {
      const { warnings } = evaluateScores({
        ...aStudy(),
        context: { ...CONTEXT, synthetic: true, untrainedBackbone: true },
      }).metrics;

      expect(warnings[0]).toContain('Synthetic');
      expect(warnings[1]).toContain('UNTRAINED');
    });

    test('a patient in training and test at once is counted', () => {
      const leaking = mapImages(aStudy(), (image, i) => (i === 6 ? { ...image, patient: 'patient 7' } : image));

      expect(evaluateScores(leaking).metrics.warnings).toContainEqual(
        expect.stringContaining('1 patient is in training'),
      );
    });

    test('a nodule AUC that frozen features never reached honestly is a suspicion of leakage, but not on phantoms', () => {
      const tooGood = aStudy({ skill: 0.6 });
      const phantoms = { ...tooGood, context: { ...CONTEXT, synthetic: true } };

      expect(evaluateScores(tooGood).metrics.warnings.join()).toContain('suspect a leak');
      expect(evaluateScores(phantoms).metrics.warnings.join()).not.toContain('suspect a leak');
    });

    test('no skill is called no skill', () => {
      const { warnings } = evaluateScores(aStudy({ skill: 0, images: 90 })).metrics;

      expect(warnings.join()).toContain('cannot be told from chance');
      expect(warnings.join()).toContain('cannot be told from always answering "normal"');
      expect(warnings.join()).toContain('30 patients with "nodule"');
    });

    test('folds that do not score on one scale are noticed', () => {
      const shifted = mapImages(aStudy(), (image) => ({
        ...image,
        scores: image.scores.map((score) => {
          const p = (score.probabilities[1] ?? 0) / 5 + score.fold / 5;
          return { ...score, probabilities: [1 - p, p] };
        }),
      }));

      expect(evaluateScores(shifted).metrics.warnings).toContainEqual(expect.stringContaining('within folds'));
    });
  });
});
