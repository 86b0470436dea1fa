import { finishStudy, requestStudy } from '@xvision/catalogue';
import { type ModelTrust, type TrustCardResult, trustCardRequestSchema } from '@xvision/contracts';
import { decodeRadiograph } from '@xvision/imaging';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anExplainedModel } from './an-explained-model.js';
import { startApi, type TestApi } from './test-api.js';

describe('explanations', { timeout: 120_000 }, () => {
  let api: TestApi;
  let imageId: string;
  let modelId: string;
  beforeAll(async () => {
    api = await startApi();
    ({ imageId, modelId } = await anExplainedModel(api));
  }, 120_000);
  afterAll(() => api[Symbol.asyncDispose]());

  const ask = (query: string) => fetch(`${api.url}/api/images/${imageId}/explanation?model=${modelId}&${query}`);
  const trust = async (): Promise<ModelTrust> =>
    (await (await fetch(`${api.url}/api/models/${modelId}/trust-card`)).json()) as ModelTrust;

  async function hasCard(verdict: 'passed' | 'failed', seed: number): Promise<void> {
    const asked = trustCardRequestSchema.parse({ kind: 'trust-card', about: modelId, seed });
    const sentence = verdict === 'failed' ? 'not evidence: failed randomisation' : 'passed every test';
    const result: TrustCardResult = {
      kind: 'trust-card',
      task: 'nodule',
      head: 'seed-mlp',
      class: 'nodule',
      synthetic: false,
      untrainedBackbone: true,
      images: 8,
      located: 0,
      methods: [{ method: 'hires-cam', verdict, sentence, tests: [], cascade: [] }],
      verdict: '',
      notice: 'Research use only; not a medical device',
    };
    const { id } = await api.catalogue.transaction((tx) => requestStudy(tx, asked, { source: 'xvision/test' }));
    await finishStudy(api.catalogue, id, result);
  }

  test('a map comes as an overlay of either size, alone, and as raw values, and says that it is untested', async () => {
    const overlay = await ask('method=grad-cam');
    expect(overlay.status).toBe(200);
    expect(overlay.headers.get('x-xvision-trust')).toBe('untested');
    expect(await decodeRadiograph(new Uint8Array(await overlay.arrayBuffer()))).toMatchObject({
      width: 224,
      height: 224,
    });

    const original = await ask('method=grad-cam&size=original&form=heat-map');
    const { width, height } = await decodeRadiograph(new Uint8Array(await original.arrayBuffer()));
    expect([width, height]).toEqual([300, 260]);

    const raw = new Uint8Array(await (await ask('method=grad-cam&form=npy')).arrayBuffer());
    expect(Buffer.from(raw).toString('latin1')).toContain("'shape': (7, 7)");
    const other = new Uint8Array(await (await ask('method=grad-cam&form=npy&class=normal')).arrayBuffer());
    const values = (bytes: Uint8Array) => new Float32Array(bytes.slice(-49 * 4).buffer);
    expect(Math.max(...values(raw).map(Math.abs))).toBeGreaterThan(0);
    expect([...values(other)]).toEqual(Array.from(values(raw), (value) => -value));
  });

  test('what has not changed is not sent again', async () => {
    const at = `/api/images/${imageId}/explanation?model=${modelId}&method=grad-cam`;
    const etag = (await request(api.app).get(at)).headers['etag'] ?? '';

    const again = await request(api.app).get(at).set('If-None-Match', etag);

    expect(again.status).toBe(304);
    expect((await request(api.app).get(`${at}&opacity=0.2`).set('If-None-Match', etag)).status).toBe(200);
  });

  test('a map of pixels goes back through the backbone while the API answers others', async () => {
    const slow = ask('method=gradient&form=npy');
    const session = await fetch(`${api.url}/api/models?limit=1`);

    expect(session.status).toBe(200);
    const bytes = Buffer.from(await (await slow).arrayBuffer());
    expect(bytes.toString('latin1', 0, 128)).toContain("'shape': (224, 224)");
  });

  test('what cannot be explained is refused in words: a class, a model or an image that is not there', async () => {
    expect((await ask('method=grad-cam&class=heart')).status).toBe(422);
    expect((await ask('method=crystal-ball')).status).toBe(400);
    const nobody = await fetch(
      `${api.url}/api/images/${crypto.randomUUID()}/explanation?model=${modelId}&method=grad-cam`,
    );
    expect(nobody.status).toBe(404);
  });

  test('a method that failed its tests is not shown as evidence: refused, or struck out when asked for anyway', async () => {
    expect((await trust()).verdicts.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 7 }, () => 'untested'));
    const before = await ask('method=hires-cam');
    await hasCard('failed', 1);

    const refused = await ask('method=hires-cam');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('not evidence: failed randomisation'),
    });
    const anyway = await ask('method=hires-cam&anyway=true');
    expect(anyway.status).toBe(200);
    expect(anyway.headers.get('x-xvision-trust')).toBe('failed');
    expect(Buffer.from(await anyway.arrayBuffer()).equals(Buffer.from(await before.arrayBuffer()))).toBe(false);
    expect((await ask('method=grad-cam')).status).toBe(200);

    await hasCard('passed', 2);
    expect((await ask('method=hires-cam')).headers.get('x-xvision-trust')).toBe('passed');
    expect((await trust()).verdicts.find(({ method }) => method === 'hires-cam')).toMatchObject({
      verdict: 'passed',
      images: 8,
    });
  });

  test('of a logistic head no map is offered, and a map that is asked for all the same is refused with what to do', async () => {
    const { card } = await api.catalogue.prisma.model.findUniqueOrThrow({ where: { id: modelId } });
    const logistic = { ...(card as object), head: 'logistic' };
    await api.catalogue.prisma.model.update({ where: { id: modelId }, data: { card: logistic } });

    expect(await trust()).toMatchObject({
      verdicts: [],
      unexplainable: expect.stringContaining('--head seed-mlp or seed-ensemble'),
    });
    const refused = await ask('method=grad-cam');
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('logistic regression') });
  });
});
