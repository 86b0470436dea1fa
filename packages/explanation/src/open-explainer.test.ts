import { untrainedWeights } from '@xvision/backbone';
import type { HeadCard, LoadedHead } from '@xvision/learning';
import { expect, test } from 'vitest';
import { headNetworks } from './head-networks.js';
import { openExplainer } from './open-explainer.js';
import { targetOf } from './target.js';

const card: HeadCard = {
  format: 'xvision-head-1',
  head: 'seed-mlp',
  classes: ['normal', 'nodule'],
  task: 'nodule',
  backbone: 'vgg16',
  weights: 'a'.repeat(64),
  trainedBackbone: true,
  preprocessing: 'crop',
  numerics: 'float32',
  featureLength: 25_088,
  hyperParameters: { seed: 1, epochs: 1, batchSize: 1, learningRate: 1, momentum: 0, weightDecay: 0 },
  dataset: 'b'.repeat(64),
  synthetic: false,
  sha256: 'c'.repeat(64),
};

const SHAPES = {
  firstWeights: 25_088 * 2,
  secondWeights: 4,
  outputWeights: 4,
  outputBias: 2,
  firstGain: 2,
  firstShift: 2,
  firstMean: 2,
  firstVariance: 2,
  secondGain: 2,
  secondShift: 2,
  secondMean: 2,
  secondVariance: 2,
};

function tinyHead(changes: Partial<HeadCard> = {}): Pick<LoadedHead, 'card' | 'tensors'> {
  const tensors = Object.entries(SHAPES).map(([part, length]) => {
    const name = `member.0.${part}`;
    return [
      name,
      { name, dims: [length], values: Float32Array.from({ length }, (_, i) => 0.1 + (i % 7) / 70) },
    ] as const;
  });
  return { card: { ...card, ...changes }, tensors: new Map(tensors) };
}

const options = { target: [-1, 1], weights: async () => untrainedWeights(), threads: 1 };
const rgb = new Uint8Array();

test('the class that is explained is the second of two unless told, against the mean of the others', () => {
  expect(targetOf(card, undefined)).toEqual({ className: 'nodule', factors: [-1, 1] });
  expect(targetOf(card, 'normal')).toEqual({ className: 'normal', factors: [1, -1] });
  expect(targetOf({ classes: ['a', 'b', 'c'] }, 'b').factors).toEqual([-0.5, 1, -0.5]);
});

test('a class that the model does not have, and none where there are three, are refused with the names', () => {
  expect(() => targetOf(card, 'heart')).toThrow('no class "heart"; its classes are "normal", "nodule"');
  expect(() => targetOf({ classes: ['a', 'b', 'c'] }, undefined)).toThrow('has 3 classes; name the one');
});

test('a logistic head and a damaged network are refused with what to do', () => {
  expect(() => headNetworks(tinyHead({ head: 'logistic' }))).toThrow('--head seed-mlp or seed-ensemble');
  expect(() => headNetworks(tinyHead({ head: 'seed-ensemble' }))).toThrow('network 1 of the model has no firstWeights');
});

test('a pixel map of a model that was trained on another backbone, or on int8 features, is refused', async () => {
  const own = untrainedWeights().identity;

  await expect(openExplainer(tinyHead(), { ...options, method: 'gradient' })).rejects.toThrow(
    `trained on another backbone: its features are of the weights ${card.weights}`,
  );
  await expect(
    openExplainer(tinyHead({ weights: own, numerics: 'int8-1' }), { ...options, method: 'deconvnet' }),
  ).rejects.toThrow('trained on int8-1 features');
});

test('a 7 x 7 map needs no weights of the backbone and keeps what speaks against the class', async () => {
  const weights = () => Promise.reject(new Error('asked for weights'));
  await using explainer = await openExplainer(tinyHead(), {
    ...options,
    weights,
    method: 'hires-cam',
    target: [1, -1],
  });
  const row = Float32Array.from({ length: 25_088 }, (_, index) => index % 3);

  const one = await explainer.map({ row, rgb });

  await using other = await openExplainer(tinyHead(), { ...options, weights, method: 'hires-cam' });
  const against = await other.map({ row, rgb });
  expect(one.side).toBe(7);
  expect(Math.max(...one.values.map(Math.abs))).toBeGreaterThan(0);
  expect([...one.values]).toEqual(Array.from(against.values, (value) => -value));
});
