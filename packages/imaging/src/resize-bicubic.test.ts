import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepare } from './prepare.js';
import { readPrepared } from './read-prepared.js';
import { resizeBicubic } from './resize-bicubic.js';
import { phantom } from './testing/phantom.js';

/** sha256 of Pillow's crop((w-s)//2, (h-s)//2, …).resize((224, 224), BICUBIC) of the same phantom (Pillow 12). */
const PILLOW = [
  [300, 260, 1, '34f6ccef11b14ace9ed849a6c8d1c41ce565d6d84c79393aa5f5e089f4151643'],
  [100, 150, 1, '3481661fc4791706aaf1238c576df06cda02726ed5e017097d30fc77c8f3975c'],
  [501, 333, 3, '9c7a7b09bbc187517b0690dda1c96592ffbbb2c7d4c29ee42950087f22b7354d'],
  [224, 400, 1, '89beb72737c791bbb11af205fa67733ec1859f1a771570d51add935359bae4d7'],
  [1000, 999, 1, '5dd6c4c8fb10ba13835c63dcf830072421bc5691f52a9b87128c0cfd9f42a5c6'],
] as const;

describe('crop and resize', () => {
  test.each(PILLOW)(
    '%i x %i with %i channels is what Pillow makes, to the bit',
    async (...[width, height, channels, sha256]) => {
      const image = phantom(width, height, channels);

      const prepared = await prepare({
        ...image,
        mediaType: 'image/png',
        bitsStored: 8,
        photometric: channels === 1 ? 'MONOCHROME2' : 'RGB',
        view: 'unknown',
      });

      const rgb = await readPrepared(prepared.png);
      const samples = channels === 1 ? rgb.filter((_, index) => index % 3 === 0) : rgb;
      expect(createHash('sha256').update(samples).digest('hex')).toBe(sha256);
    },
  );

  test('a uniform image stays uniform at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 700 }), fc.integer({ min: 0, max: 255 }), (side, grey) => {
        const uniform = {
          width: side,
          height: side,
          channels: 1 as const,
          pixels: new Uint8Array(side * side).fill(grey),
        };
        return resizeBicubic(uniform, 224).pixels.every((value) => value === grey);
      }),
      { numRuns: 20 },
    );
  });
});
