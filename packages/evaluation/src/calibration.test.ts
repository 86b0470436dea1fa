import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brierScore, calibrationErrors, logLoss } from './calibration.js';
import { chooseOperatingPoint, decisionCurve } from './decisions.js';
import { applyTemperature, fitTemperature } from './temperature.js';

const labels = [0, 0, 1, 0, 1, 1, 0, 1];
const scores = [0.05, 0.2, 0.35, 0.4, 0.6, 0.7, 0.75, 0.95];

describe('brierScore', () => {
  test('is 0 for certainty that is right, 1 for certainty that is wrong, .25 for a coin', () => {
    expect(
      brierScore(
        [1, 0],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ).toBe(0);
    expect(
      brierScore(
        [1, 0],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).toBe(1);
    expect(
      brierScore(
        [1, 0],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      ),
    ).toBe(0.25);
  });

  test('is not defined without images', () => {
    expect(brierScore([], [])).toBeNull();
    expect(logLoss([], [])).toBeNull();
    expect(calibrationErrors([], [])).toEqual({ expected: null, largest: null });
  });
});

describe('fitTemperature', () => {
  test('undoes over-confidence that was put in on purpose', () => {
    const fitted = fitTemperature(labels, scores)?.temperature ?? 0;
    const sharpened = scores.map((p) => applyTemperature(p, 1 / 3));

    expect(fitTemperature(labels, sharpened)?.temperature).toBeCloseTo(3 * fitted, 4);
  });

  test('never makes the likelihood worse, and keeps the order of scores', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 3 }),
        (cases) => {
          const fitted = fitTemperature(
            cases.map((one) => one[0]),
            cases.map((one) => one[1]),
          );
          if (fitted === null) return;

          expect(fitted.after).toBeLessThanOrEqual(fitted.before + 1e-9);
          expect(applyTemperature(0.7, fitted.temperature)).toBeGreaterThan(applyTemperature(0.6, fitted.temperature));
        },
      ),
    );
  });

  test('is not defined for one class only', () => {
    expect(fitTemperature([1, 1], [0.2, 0.9])).toBeNull();
  });

  test('is not defined where scores separate the classes, since ever colder is ever better', () => {
    expect(fitTemperature([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).toBeNull();
  });
});

describe('chooseOperatingPoint', () => {
  test('takes the strictest threshold that keeps the sensitivity asked for', () => {
    expect(chooseOperatingPoint(labels, scores, { kind: 'sensitivity', atLeast: 0.75 })).toMatchObject({
      threshold: 0.6,
      sensitivity: 0.75,
      specificity: 0.75,
    });
  });

  test('takes the loosest threshold that keeps the specificity asked for', () => {
    expect(chooseOperatingPoint(labels, scores, { kind: 'specificity', atLeast: 0.75 })?.threshold).toBe(0.6);
    expect(chooseOperatingPoint(labels, scores, { kind: 'specificity', atLeast: 1 })?.threshold).toBe(0.95);
  });

  test('says so when no threshold meets the demand or a class is missing', () => {
    expect(chooseOperatingPoint([0, 1], [0.9, 0.1], { kind: 'specificity', atLeast: 1 })).toBeNull();
    expect(chooseOperatingPoint([1, 1], [0.9, 0.1], { kind: 'youden' })).toBeNull();
  });
});

describe('decisionCurve', () => {
  test('at a threshold near zero the model is worth as much as treating everyone', () => {
    const [point] = decisionCurve(labels, scores, [0.01]);

    expect(point?.netBenefit).toBeCloseTo(point?.treatAll ?? 0, 12);
    expect(point?.treatAll).toBeCloseTo(0.5 - (0.5 * 0.01) / 0.99, 12);
  });

  test('counts hits minus false alarms at the odds of the threshold', () => {
    const [point] = decisionCurve(labels, scores, [0.5]);

    expect(point?.netBenefit).toBeCloseTo((3 - 1) / 8, 12);
  });
});
