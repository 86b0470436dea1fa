import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights, openVgg16 } from '@xvision/backbone';
import { float32Of, openSession, tensor } from '@xvision/engines';
import { readPrepared } from '@xvision/imaging';
import { loadHead, writeSafetensors } from '@xvision/learning';
import { sharedFolder, temporaryFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { composeOnnx, PROBABILITIES } from './onnx-model.js';

const shared = sharedFolder();
const LENGTH = 25_088;

/** A logistic head on real features whose probabilities are neither 0 nor 1. */
async function aHead(weights: string) {
  const column = (name: string, value: (index: number) => number) => ({
    name,
    dims: [LENGTH],
    type: 'F64' as const,
    pieces: () => [Float64Array.from({ length: LENGTH }, (_, index) => value(index))],
  });
  const intercepts = { name: 'intercepts', dims: [1], type: 'F64' as const, pieces: () => [Float64Array.of(0.1)] };
  const parts: Uint8Array[] = [];
  const weight = (index: number) => Math.sin(index) / 200;
  const columns = [column('mean', () => 0.8), column('deviation', () => 1.5), column('weights', weight), intercepts];
  for await (const part of writeSafetensors(columns)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const hyperParameters = { seed: 1, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
  const head = { format: 'xvision-head-1', head: 'logistic', classes: ['normal', 'nodule'], task: 'nodule' };
  const features = { backbone: 'vgg16', weights, trainedBackbone: true, preprocessing: 'v1', numerics: 'float32' };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const rest = { featureLength: LENGTH, hyperParameters, dataset: weights, synthetic: true, sha256 };
  return { bytes, card: { ...head, ...features, ...rest } };
}

describe.skipIf(shared === undefined)('an exported ONNX model', () => {
  test('gives for pixels what the services give, to 1e-5, alone and in a batch; other weights are refused', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
    const weights = await acquireWeights({ file, cacheDir: folder.path });
    const { bytes, card } = await aHead(weights.identity);
    await using head = await loadHead(bytes, card);
    const prepared = path.join(shared ?? '', 'oracles', 'features', 'prepared');
    const pixels = await Promise.all(
      ['jsrt128-JPCLN001', 'kermany-normal_NORMAL2-IM-1269-0001'].map(async (name) =>
        readPrepared(await readFile(path.join(prepared, `${name}.prepared.png`))),
      ),
    );
    const both = Buffer.concat(pixels);

    const exported = path.join(folder.path, 'model.onnx');
    await writeFile(exported, composeOnnx(weights, head));

    await using session = await openSession(exported);
    const rgb = tensor('uint8', [2, 224, 224, 3], new Uint8Array(both));
    const found = float32Of(await session.run({ rgb }), PROBABILITIES);
    await using vgg16 = await openVgg16({ weights, engine: 'onnx-cpu' });
    const expected = await head.score(await vgg16.pool5(new Uint8Array(both), 2), 2);
    expect(found).toHaveLength(4);
    expected.forEach((probability, index) => {
      expect(probability).toBeGreaterThan(0.001);
      expect(Math.abs((found[index] ?? 0) - probability)).toBeLessThan(1e-5);
    });
    expect(() => composeOnnx({ ...weights, identity: 'b'.repeat(64) }, head)).toThrow(
      'Name the right file in XVISION_WEIGHTS',
    );
    await rm(exported);
  });
});
