import { createHash } from 'node:crypto';
import { version_cpu } from '@tensorflow/tfjs-backend-cpu'; // registers itself
import { env, ready, setBackend, type Tensor, tensor2d, version_core } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { type LoadedHead, loadHead, writeSafetensors } from '@xvision/learning';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeLayersModel } from './layers-model.js';
import { UnexportableError } from './unexportable-error.js';

const LENGTH = 25_088;
const HIDDEN = 512;

/** Networks as a training leaves them, with made-up numbers. */
async function aHead(head: 'seed-mlp' | 'seed-ensemble', members: number) {
  const numbers = (size: number, scale: number, from: number, shift: number) => {
    const values = new Float32Array(size);
    for (let i = 0; i < size; i += 1) values[i] = shift + scale * (((i * 7919 + from * 104_729) % 2003) / 1001 - 1);
    return values;
  };
  const parts: Record<string, { dims: number[]; scale: number; shift: number }> = {
    firstWeights: { dims: [LENGTH, HIDDEN], scale: 0.02, shift: 0.001 },
    secondWeights: { dims: [HIDDEN, HIDDEN], scale: 0.1, shift: 0 },
    outputWeights: { dims: [HIDDEN, 2], scale: 0.1, shift: 0 },
    outputBias: { dims: [2], scale: 0.2, shift: 0 },
    ...Object.fromEntries(
      ['first', 'second'].flatMap((place) => [
        [`${place}Gain`, { dims: [HIDDEN], scale: 0.3, shift: 1 }],
        [`${place}Shift`, { dims: [HIDDEN], scale: 0.3, shift: 0 }],
        [`${place}Mean`, { dims: [HIDDEN], scale: 0.5, shift: 0 }],
        [`${place}Variance`, { dims: [HIDDEN], scale: 0.5, shift: 1 }],
      ]),
    ),
  };
  const tensors = Array.from({ length: members }, (_, member) =>
    Object.entries(parts).map(([name, { dims, scale, shift }]) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const pieces = () => [numbers(size, scale, member, shift)];
      return { name: `member.${member}.${name}`, dims, type: 'F32' as const, pieces };
    }),
  ).flat();
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(tensors)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const hyperParameters = { seed: 1, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
  const card = {
    format: 'xvision-head-1',
    head,
    classes: ['normal', 'nodule'],
    task: 'nodule',
    backbone: 'vgg16',
    weights: sha256,
    trainedBackbone: true,
    preprocessing: 'v1',
    numerics: 'float32',
    featureLength: LENGTH,
    hyperParameters,
    dataset: sha256,
    synthetic: true,
    sha256,
  };
  return await loadHead(bytes, card);
}

describe('an exported LayersModel', () => {
  let head: LoadedHead;
  beforeAll(async () => {
    head = await aHead('seed-mlp', 1);
  }, 60_000);
  afterAll(() => head[Symbol.asyncDispose]());

  test.each([
    ['seed-mlp', 1],
    ['seed-ensemble', 5],
  ] as const)(
    'of a %s gives in TensorFlow.js what the services give, to 1e-5',
    async (kind, members) => {
      await using own = await aHead(kind, members);
      const { json, weights } = composeLayersModel(own);
      env().set('IS_NODE', false); // it would advertise its native package
      expect(version_cpu).toBe(version_core);
      await setBackend('cpu');
      await ready();
      const { modelTopology, weightsManifest } = JSON.parse(json);
      const model = await loadLayersModel({
        load: async () => ({
          modelTopology,
          weightSpecs: weightsManifest[0].weights,
          weightData: new Uint8Array(weights).buffer,
        }),
      });
      const rows = Float32Array.from({ length: 2 * LENGTH }, (_, i) => Math.abs(Math.sin(i * 0.11)));

      const found = await (model.predict(tensor2d(rows, [2, LENGTH])) as Tensor).data();

      const expected = await own.score(rows, 2);
      expect(found).toHaveLength(4);
      for (const [index, probability] of expected.entries()) {
        expect(Math.abs((found[index] ?? 0) - probability)).toBeLessThan(1e-5);
      }
      expect(expected[0]).not.toBeCloseTo(expected[2] ?? 0, 3);
    },
    60_000,
  );

  test('names its classes, the file of its weights and the notice', () => {
    const { json, weights } = composeLayersModel(head);

    const document = JSON.parse(json);
    expect(document).toMatchObject({
      format: 'layers-model',
      userDefinedMetadata: { classes: ['normal', 'nodule'], notice: 'Research use only; not a medical device' },
    });
    const sizes = (document.weightsManifest[0].weights as { shape: number[] }[]).map(({ shape }) =>
      shape.reduce((a, b) => a * b, 4),
    );
    expect(sizes.reduce((a, b) => a + b)).toBe(weights.byteLength);
  });

  test('of a logistic head is refused: no layer takes its square roots', () => {
    const logistic = { card: { ...head.card, head: 'logistic' as const }, tensors: head.tensors };

    expect(() => composeLayersModel(logistic)).toThrow(UnexportableError);
  });
});
