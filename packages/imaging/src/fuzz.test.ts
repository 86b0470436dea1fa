import * as fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { deidentify, prepareImage, UnfitImageError } from './index.js';
import { aDicomFile } from './testing/a-dicom-file.js';
import { encodeJpegLossless, encodeRle, encodeWithWasm } from './testing/encoders.js';
import { deepPhantom, phantom } from './testing/phantom.js';

const size = { width: 96, height: 80 };
const kinds = [
  'png',
  'jpeg',
  'native',
  'deflated',
  'rle',
  'jpeg-lossless',
  'jpeg-baseline',
  'jpeg-2000',
  'jpeg-ls',
] as const;
const samples = new Map<string, Uint8Array>();

beforeAll(async () => {
  const { pixels } = phantom(size.width, size.height);
  const deep = deepPhantom(size.width, size.height, 12);
  const raw = () => sharp(pixels, { raw: { ...size, channels: 1 } }).toColourspace('b-w');
  const jpeg = await raw().jpeg().toBuffer();
  const frame = { ...size, bitsPerSample: 8, componentCount: 1 };
  const dicom = (syntax: string, encoded: Uint8Array, bits = 8) =>
    aDicomFile({ ...size, syntax, pixels: [encoded], bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits });
  samples.set('png', await raw().png().toBuffer());
  samples.set('jpeg', jpeg);
  samples.set('native', aDicomFile({ ...size, pixels: deep, bitsStored: 12 }));
  samples.set('deflated', aDicomFile({ ...size, pixels, syntax: '1.2.840.10008.1.2.1.99' }));
  samples.set('rle', dicom('1.2.840.10008.1.2.5', encodeRle([pixels])));
  samples.set('jpeg-lossless', dicom('1.2.840.10008.1.2.4.70', encodeJpegLossless(deep, { ...size, bits: 12 }), 12));
  samples.set('jpeg-baseline', dicom('1.2.840.10008.1.2.4.50', jpeg));
  samples.set('jpeg-2000', dicom('1.2.840.10008.1.2.4.90', await encodeWithWasm('J2KEncoder', pixels, frame)));
  samples.set('jpeg-ls', dicom('1.2.840.10008.1.2.4.80', await encodeWithWasm('JpegLSEncoder', pixels, frame)));
});

/** A cut and some changed bytes, most of them near the start, where the headers are. */
const damage = fc.record({
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  flips: fc.array(
    fc.record({
      at: fc.oneof(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 0.1, noNaN: true })),
      to: fc.integer({ min: 0, max: 255 }),
    }),
    { maxLength: 8 },
  ),
});

describe('damaged files', () => {
  test.each(kinds)(
    'of kind %s are prepared and de-identified or found unfit, and nothing else is ever thrown',
    async (kind) => {
      const sample = samples.get(kind) ?? new Uint8Array(0);
      await expect(prepareImage(sample)).resolves.toMatchObject(size);

      await fc.assert(
        fc.asyncProperty(damage, async ({ keep, flips }) => {
          const bytes = new Uint8Array(sample.slice(0, Math.floor(sample.length * keep)));
          for (const { at, to } of flips) bytes[Math.floor(at * bytes.length)] = to;
          const outcomes = await Promise.allSettled([
            prepareImage(bytes, { maxPixels: 1_000_000 }),
            Promise.resolve().then(() => deidentify(bytes, { salt: 'salt' })),
          ]);
          return outcomes.every(
            (outcome) => outcome.status === 'fulfilled' || outcome.reason instanceof UnfitImageError,
          );
        }),
        { numRuns: 30 },
      );
    },
  );
});
