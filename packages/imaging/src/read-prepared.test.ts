import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeGrey } from './encode-grey.js';
import { PREPARED_LENGTH, readPrepared } from './read-prepared.js';
import { PREPARED_SIDE } from './resize-bicubic.js';

const size = { width: PREPARED_SIDE, height: PREPARED_SIDE };
const grey = Uint8Array.from({ length: PREPARED_SIDE ** 2 }, (_, index) => (index * 7) % 251);

test('grey becomes three equal channels, and colour stays', async () => {
  const colour = Uint8Array.from({ length: PREPARED_LENGTH }, (_, index) => (index * 11) % 251);

  const rgb = await readPrepared(await encodeGrey(grey, size));

  expect(rgb).toEqual(Uint8Array.from({ length: PREPARED_LENGTH }, (_, index) => grey[Math.floor(index / 3)] ?? 0));
  expect(await readPrepared(await encodeGrey(colour, size))).toEqual(colour);
});

test('16 bits a sample, transparency and another size are told by what they are', async () => {
  const raw = { raw: { ...size, channels: 1 } } as const;
  const deep = await sharp(grey, raw).toColourspace('grey16').png().toBuffer();
  const clear = await sharp(grey, raw).ensureAlpha(0.5).png().toBuffer();
  const small = await encodeGrey(grey.subarray(0, 100 * 100), { width: 100, height: 100 });

  await expect(readPrepared(deep)).rejects.toMatchObject({ reason: 'not-224', message: /224 x 224, 16 bits a sample/ });
  await expect(readPrepared(clear)).rejects.toMatchObject({ reason: 'not-224' });
  await expect(readPrepared(small)).rejects.toMatchObject({ reason: 'not-224', message: /this one is 100 x 100/ });
});

test('a file that is cut off or is no image says so', async () => {
  const png = await encodeGrey(grey, size);

  await expect(readPrepared(png.subarray(0, png.length / 2))).rejects.toMatchObject({ reason: 'truncated' });
  await expect(readPrepared(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ name: 'UnfitImageError' });
});
