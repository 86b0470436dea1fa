import { untrainedWeights } from '@xvision/backbone';
import { modelExportSchema } from '@xvision/contracts';
import { safetensorsBytes } from '@xvision/learning';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, seedRun, sha256, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN } from './test-requests.js';

const LENGTH = 25_088;

/** A logistic head on untrained features, as a training leaves it. */
async function aHead() {
  const tensor = (name: string, size: number, value: number) => ({
    name,
    dims: [size],
    type: 'F64' as const,
    values: new Float64Array(size).fill(value),
  });
  const sizes = { mean: LENGTH, deviation: LENGTH, weights: LENGTH, intercepts: 1 };
  const tensors = Object.entries(sizes).map(([name, size]) => tensor(name, size, 0.5));
  const bytes = Buffer.from(await safetensorsBytes(tensors));
  const weights = untrainedWeights().identity;
  const hyperParameters = { seed: 1, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 };
  const head = { format: 'xvision-head-1', head: 'logistic', classes: ['normal', 'nodule'], task: 'nodule' };
  const features = { backbone: 'vgg16', weights, trainedBackbone: false, preprocessing: 'v1', numerics: 'float32' };
  const rest = { featureLength: LENGTH, hyperParameters, dataset: weights, synthetic: true, sha256: sha256(bytes) };
  return { bytes, card: { ...head, ...features, ...rest } };
}

let api: TestApi;
let model: string;
let head: Awaited<ReturnType<typeof aHead>>;
beforeAll(async () => {
  api = await startApi();
  head = await aHead();
  const { modelId, dataset } = await seedRun(api, await seedCollection(api));
  model = modelId;
  const stored = await api.blobs.put(head.bytes);
  const data = { sha256: stored, card: { ...head.card, dataset } };
  await api.catalogue.prisma.model.update({ where: { id: model }, data });
});
afterAll(() => api[Symbol.asyncDispose]());

const address = (format: string) => `/api/models/${model}/exports/${format}`;
const bytesOf = async (where: string) => (await requestTo(api).get(where).buffer(true).responseType('blob')).body;

describe('an export of a model', () => {
  test.each([
    ['onnx', ['.onnx']],
    ['safetensors', ['.safetensors', '.safetensors.json']],
    ['card', ['.md']],
  ])(
    'as %s names its files, each of which hashes to what was said and stands among the checksums',
    async (format, ends) => {
      const { files, checksums } = await getFrom(api, address(format), modelExportSchema);

      expect(files.map(({ name }) => name)).toEqual(ends.map((end) => `nodule-${model}${end}`));
      for (const { name, sha256: expected, byteLength } of files) {
        const bytes = await bytesOf(`${address(format)}/${name}`);
        expect([sha256(bytes), bytes.byteLength]).toEqual([expected, byteLength]);
      }
      expect((await bytesOf(`${address(format)}/${checksums}`)).toString()).toBe(
        files.map((file) => `${file.sha256}  ${file.name}\n`).join(''),
      );
    },
  );

  test('the safetensors file is the one that the catalogue names, and its card carries the notice', async () => {
    const { files } = await getFrom(api, address('safetensors'), modelExportSchema);

    expect(files[0]?.sha256).toBe(sha256(head.bytes));
    expect(JSON.parse((await bytesOf(`${address('safetensors')}/${files[1]?.name}`)).toString())).toMatchObject({
      notice: 'Research use only; not a medical device',
    });
  });

  test('the card lists every image of the dataset with its licence, and follows the catalogue', async () => {
    const { files } = await getFrom(api, address('card'), modelExportSchema);

    const card = (await bytesOf(`${address('card')}/${files[0]?.name}`)).toString();

    expect(card).toContain('| images | 5 |');
    expect(card).toContain('| licences | 5 not recorded |');
    expect(card).toContain('| per class | 3 normal, 2 nodule |');
    await api.catalogue.prisma.image.updateMany({ data: { licence: 'CC BY 4.0' } });
    const after = await getFrom(api, address('card'), modelExportSchema);
    expect(after.files[0]?.sha256).not.toBe(files[0]?.sha256);
  });

  test('a part of a file can be asked for, and what is known already is not sent again', async () => {
    const { files } = await getFrom(api, address('safetensors'), modelExportSchema);
    const where = `${address('safetensors')}/${files[0]?.name}`;

    const part = await requestTo(api).get(where).set('Range', 'bytes=0-7').buffer(true).responseType('blob');
    const again = await requestTo(api).get(where).set('If-None-Match', `"${files[0]?.sha256}"`);

    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 0-7/${head.bytes.byteLength}`]);
    expect(part.headers['content-disposition']).toBe(`attachment; filename="${files[0]?.name}"`);
    expect(again.status).toBe(304);
  });

  test('a logistic head does not leave as TF.js, and the refusal says what it leaves as', async () => {
    const { detail } = await refused(requestTo(api).get(address('tfjs')), 422);

    expect(detail).toContain('export it as onnx or safetensors');
  });

  test('another model, format or file is refused', async () => {
    await refused(requestTo(api).get(`/api/models/${UNKNOWN}/exports/card`), 404);
    await refused(requestTo(api).get(address('pickle')), 400);
    const { detail } = await refused(requestTo(api).get(`${address('card')}/..%2Fsecret`), 404);
    expect(detail).toContain(`nodule-${model}.md`);
  });
});
