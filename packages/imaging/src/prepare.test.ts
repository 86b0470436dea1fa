import { AS_PREPARED_VERSION, PREPROCESSING_VERSION } from '@xvision/contracts';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodeGrey, prepareImage, readPrepared } from './index.js';
import { deepPhantom, phantom } from './testing/phantom.js';

const rejected = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => error,
  );

/** A PNG whose header declares another size; the check sum is made right again. */
function declaring(png: Uint8Array, width: number, height: number): Uint8Array {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  let crc = 0xffffffff;
  for (const byte of bytes.subarray(12, 29)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 29);
  return bytes;
}

describe('preparing an image', () => {
  test('the 15 grey statistics are what numpy gives for the same input', async () => {
    const { pixels } = phantom(300, 260);

    const prepared = await prepareImage(await encodeGrey(pixels, { width: 300, height: 260 }));

    expect(prepared).toMatchObject({ width: 300, height: 260, preprocessing: PREPROCESSING_VERSION });
    const numpy = [
      127.62428252551021, 68.86258131606755, 1, 19, 69, 128, 186, 236, 254, 27.73680733504164, 18.827194106342088,
      127.58191964285714, 127.89732142857143, 128.17522321428572, 127.31361607142857,
    ];
    expect(prepared.greyStatistics).toHaveLength(15);
    for (const [index, value] of numpy.entries()) expect(prepared.greyStatistics[index]).toBeCloseTo(value, 9);
  });

  test('224 x 224 pixels taken as they are come through exactly, grey and colour', async () => {
    const grey = phantom(224, 224);
    const colour = phantom(224, 224, 3);

    for (const { pixels, channels } of [grey, colour]) {
      const prepared = await prepareImage(await encodeGrey(pixels, { width: 224, height: 224 }), { asPrepared: true });
      const rgb = await readPrepared(prepared.png);

      expect(prepared.preprocessing).toBe(AS_PREPARED_VERSION);
      expect(channels === 3 ? rgb : rgb.filter((_, index) => index % 3 === 0)).toEqual(pixels);
    }
  });

  test('224 x 224 pixels come through exactly without that option too: nothing is left to crop or resize', async () => {
    const { pixels } = phantom(224, 224);

    const prepared = await prepareImage(await encodeGrey(pixels, { width: 224, height: 224 }));

    expect((await readPrepared(prepared.png)).filter((_, index) => index % 3 === 1)).toEqual(pixels);
  });

  test('an image announced as prepared must be 224 x 224', async () => {
    const png = await encodeGrey(phantom(225, 224).pixels, { width: 225, height: 224 });

    expect(await rejected(prepareImage(png, { asPrepared: true }))).toMatchObject({
      reason: 'not-224',
      message: expect.stringContaining('225 x 224'),
    });
  });

  test('grey of 16 bits is scaled by its whole range, not cut to its high or low byte', async () => {
    const words = deepPhantom(224, 224, 16);
    const png = await sharp(words, { raw: { width: 224, height: 224, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();

    const prepared = await prepareImage(png);

    const grey = (await readPrepared(prepared.png)).filter((_, index) => index % 3 === 0);
    expect(prepared.quality.bitsStored).toBe(16);
    expect(grey).toEqual(Uint8Array.from(words, (word) => Math.round(word / 257)));
  });

  test('grey stored as RGB is kept as grey; colour is kept as colour', async () => {
    const { pixels } = phantom(300, 300);
    const tripled = Uint8Array.from({ length: pixels.length * 3 }, (_, index) => pixels[Math.floor(index / 3)] ?? 0);
    const size = { width: 300, height: 300 };

    const grey = await prepareImage(await encodeGrey(pixels, size));
    const asRgb = await prepareImage(await encodeGrey(tripled, size));
    const colour = await prepareImage(await encodeGrey(phantom(300, 300, 3).pixels, size));

    expect(asRgb.png).toEqual(grey.png);
    expect([grey.quality.colour, asRgb.quality.colour, colour.quality.colour]).toEqual([false, false, true]);
  });

  test('transparency is laid on black, and orientation is applied', async () => {
    const { pixels } = phantom(300, 200);
    const upright = await sharp(pixels, { raw: { width: 300, height: 200, channels: 1 } })
      .png()
      .toBuffer();
    const half = await sharp(upright).ensureAlpha(0.5).png().toBuffer();
    const turned = await sharp(upright)
      .toColourspace('b-w')
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();

    const opaque = await prepareImage(upright);
    const transparent = await prepareImage(half);
    const rotated = await prepareImage(turned);

    expect(Math.abs((transparent.greyStatistics[0] ?? 0) - (opaque.greyStatistics[0] ?? 0) / 2)).toBeLessThan(1);
    expect(rotated).toMatchObject({ width: 300, height: 200 });
    expect(rotated.png).toEqual(opaque.png);
  });

  test('a colour profile does not move grey values', async () => {
    const { pixels } = phantom(224, 224, 3);
    const raw = sharp(pixels, { raw: { width: 224, height: 224, channels: 3 } });
    const profiled = await raw.withIccProfile('p3', { attach: true }).png().toBuffer();
    const plain = await sharp(profiled, { ignoreIcc: true }).raw().toBuffer();

    const prepared = await prepareImage(profiled);

    expect(await readPrepared(prepared.png)).toEqual(new Uint8Array(plain));
  });

  test('a blank exposure, even a noisy one, is rejected as blank', async () => {
    const noisy = Uint8Array.from({ length: 300 * 300 }, (_, index) => 128 + (index % 3));

    expect(await rejected(prepareImage(await encodeGrey(noisy, { width: 300, height: 300 })))).toMatchObject({
      reason: 'blank',
    });
  });

  test('a thumbnail is rejected as too small, with its size', async () => {
    const png = await encodeGrey(phantom(500, 40).pixels, { width: 500, height: 40 });

    expect(await rejected(prepareImage(png))).toMatchObject({
      reason: 'too-small',
      message: expect.stringContaining('500 x 40'),
    });
  });

  test('a decompression bomb is refused by its header, without decoding it', async () => {
    const bomb = declaring(await encodeGrey(phantom(64, 64).pixels, { width: 64, height: 64 }), 100_000, 100_000);
    const before = process.memoryUsage().rss;

    expect(await rejected(prepareImage(bomb))).toMatchObject({
      reason: 'too-many-pixels',
      message: expect.stringContaining('100000 x 100000'),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  test('the pixel limit can be set', async () => {
    const png = await encodeGrey(phantom(300, 300).pixels, { width: 300, height: 300 });

    expect(await rejected(prepareImage(png, { maxPixels: 89_999 }))).toMatchObject({ reason: 'too-many-pixels' });
    expect(await rejected(prepareImage(png, { maxPixels: 90_000 }))).toBe('accepted');
  });

  test.each(['png', 'jpeg'] as const)('a %s cut anywhere in its data is rejected as truncated', async (format) => {
    const { pixels } = phantom(300, 300);
    const whole = await sharp(pixels, { raw: { width: 300, height: 300, channels: 1 } })
      .toFormat(format)
      .toBuffer();

    for (const part of [0.3, 0.6, 0.9]) {
      const cut = whole.subarray(0, Math.floor(whole.length * part));
      expect(await rejected(prepareImage(cut))).toMatchObject({ reason: 'truncated' });
    }
  });
});
