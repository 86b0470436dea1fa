import { describe, expect, test } from 'vitest';
import type { HeadNetwork } from './head-network.js';
import { openCam } from './open-cam.js';
import { openEnsembleCam } from './open-ensemble-cam.js';

const INPUTS = 25_088;
const HIDDEN = 4;

/** A small head whose weights follow from its number. */
function network(member: number): HeadNetwork {
  const wave = (length: number, step: number) =>
    Float32Array.from({ length }, (_, index) => Math.sin(index * step + member));
  const all = (value: number) => new Float32Array(HIDDEN).fill(value);
  return {
    firstWeights: wave(INPUTS * HIDDEN, 0.37),
    secondWeights: wave(HIDDEN * HIDDEN, 1.1),
    outputWeights: wave(HIDDEN * 2, 0.9),
    outputBias: new Float32Array(2),
    firstGain: all(1),
    firstShift: all(0.5),
    firstMean: all(0),
    firstVariance: all(2),
    secondGain: all(1),
    secondShift: all(0.5),
    secondMean: all(0),
    secondVariance: all(2),
  };
}

const request = { rows: Float32Array.from({ length: INPUTS }, (_, i) => Math.max(0, Math.cos(i))), target: [-1, 1] };

describe('the maps of an ensemble', () => {
  test('are the means of its networks, and what speaks against the target is cut away after the mean', async () => {
    await using together = await openEnsembleCam([network(0), network(1)]);
    await using first = await openCam(network(0));
    await using second = await openCam(network(1));
    const raw = { ...request, rectify: false };

    for (const method of ['grad-cam', 'hires-cam'] as const) {
      const [one, other] = [await first.map(method, raw), await second.map(method, raw)];
      const mean = one.map((value, cell) => (value + (other[cell] ?? 0)) / 2);
      expect(mean.some((value) => value < 0)).toBe(true);
      expect(await together.map(method, raw)).toEqual(mean);
      expect(await together.map(method, request)).toEqual(mean.map((value) => Math.max(0, value)));
    }
    const [one, other] = [await first.gradient(request), await second.gradient(request)];
    expect(await together.gradient(request)).toEqual(one.map((value, i) => Math.fround(value + (other[i] ?? 0)) / 2));
  });

  test('a head without networks is refused', async () => {
    await expect(openEnsembleCam([])).rejects.toThrow('without networks');
  });
});
