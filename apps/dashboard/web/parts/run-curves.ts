import type { RunCurves } from '@xvision/contracts';
import type { ChartCurve } from './evidence-figure.js';

type Named = Pick<RunCurves, 'operating' | 'rocBand' | 'reliability'>;

export function rocCurve(name: string, { operating, rocBand }: Named): ChartCurve {
  const points = operating.map((one) => ({ x: 1 - one.specificity, y: one.sensitivity }));
  const band = rocBand.map(({ falsePositiveRate, low, high }) => ({
    x: falsePositiveRate,
    range: [low, high] as const,
  }));
  return { name, points: [{ x: 0, y: 0 }, ...points], band };
}

export function precisionRecallCurve(name: string, { operating }: Named): ChartCurve {
  return { name, points: operating.map((one) => ({ x: one.sensitivity, y: one.precision })) };
}

export function reliabilityDots(name: string, { reliability }: Named): ChartCurve {
  const dots = reliability.flatMap(({ meanProbability: x, fractionPositive: y, interval }) => {
    if (x === null || y === null || interval === null) return [];
    return [{ x, y, error: [y - interval.low, interval.high - y] as const }];
  });
  return { name, points: [], dots };
}

export const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
] as const;

export function level(y: number) {
  return [
    { x: 0, y },
    { x: 1, y },
  ];
}
