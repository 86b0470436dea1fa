import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { greyValuesSchema } from '@xvision/contracts';
import { decodeRadiograph, encodeGrey } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, startApi, type TestApi } from './test-api.js';
import { refused, requestTo, UNKNOWN } from './test-requests.js';

const shared = sharedFolder();

let api: TestApi;
let images: readonly { id: string }[];
beforeAll(async () => {
  api = await startApi();
  ({ images } = await seedCollection(api));
});
afterAll(() => api[Symbol.asyncDispose]());

const address = (place: number) => `/api/images/${images[place]?.id ?? ''}/grey-values`;
const ask = (place: number) => requestTo(api).get(address(place)).buffer(true).responseType('blob');

/** Puts other bytes under an image that is there. */
async function become(place: number, bytes: Uint8Array): Promise<void> {
  const originalSha256 = await api.blobs.put(bytes);
  await api.catalogue.prisma.image.update({ where: { id: images[place]?.id ?? '' }, data: { originalSha256 } });
}

describe('the values of an original at their own depth', () => {
  test.skipIf(shared === undefined)('are those of an independent decoder for a 15-bit DICOM file', async () => {
    const folder = path.join(shared ?? '', 'data', 'dicom');
    await become(0, await readFile(path.join(folder, 'files', 'RG1_J2KI.dcm')));
    const expected = await decodeRadiograph(await readFile(path.join(folder, 'decoded', 'RG1_J2KI.png')));

    const { status, body, headers } = await ask(0);

    expect(status).toBe(200);
    expect(Buffer.compare(body, Buffer.from(expected.pixels.buffer))).toBe(0);
    expect(greyValuesSchema.parse(JSON.parse(headers['x-xvision-grey'] ?? ''))).toMatchObject({
      width: 1841,
      height: 1955,
      bits: 16,
      inverted: true,
      least: 803,
      most: 26_512,
    });
  });

  test('are fetched once: a browser that has them is told so without decoding, and a part can be asked for', async () => {
    const grey = Buffer.from([0, 50, 100, 150, 200, 255]);
    await become(1, await encodeGrey(grey, { width: 3, height: 2 }));
    const whole = await ask(1);

    const part = await ask(1).set('Range', 'bytes=2-3');
    const again = await requestTo(api)
      .get(address(1))
      .set('If-None-Match', whole.headers['etag'] ?? '');

    expect([...whole.body]).toEqual([...grey]);
    expect([part.status, ...part.body]).toEqual([206, 100, 150]);
    expect(again.status).toBe(304);
    expect(whole.headers['cache-control']).toContain('immutable');
  });

  test('of bytes that are no image are refused in words; of no image there are none', async () => {
    const { detail } = await refused(requestTo(api).get(address(2)), 422);

    expect(detail).toMatch(/format|image/);
    await refused(requestTo(api).get(`/api/images/${UNKNOWN}/grey-values`), 404);
  });

  test('nothing in this file made the server fail', () => {
    expect(api.errors).toEqual([]);
  });
});
