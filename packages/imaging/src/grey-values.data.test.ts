import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeRaster } from './decode-raster.js';
import { decodeGreyValues, openDecoderPool } from './index.js';
import { aDicomFile } from './testing/a-dicom-file.js';
import { deepPhantom } from './testing/phantom.js';

const shared = sharedFolder();
const read = (...parts: string[]) => readFile(path.join(shared ?? '', 'data', 'dicom', ...parts));
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);

describe.skipIf(shared === undefined)('the grey values of real DICOM files', () => {
  test.each(['CR-MONO1-10-chest', 'Fake_MONOHR1', 'RG1_J2KI', 'RG3_J2KR', 'test1', 'test2'])(
    '%s.dcm gives the stored values of an independent decoder, through a process too',
    async (name) => {
      const file = await read('files', `${name}.dcm`);
      const expected = await decodeRaster(await read('decoded', `${name}.png`), 'image/png', 40e6);
      await using pool = openDecoderPool();

      const { about, pixels } = await pool.greyValues(file);

      expect(about).toMatchObject({ width: expected.width, height: expected.height, samples: 1, signed: false });
      expect(Buffer.compare(bytesOf(pixels), bytesOf(expected.pixels))).toBe(0);
      expect(await decodeGreyValues(file)).toEqual({ about, pixels });
    },
  );
});

describe('the grey values of an original', () => {
  const size = { width: 37, height: 26 };
  const pixels = deepPhantom(37, 26, 12);

  test('carry every window of the file, and the first is the one that a viewer begins with', async () => {
    const file = aDicomFile({
      ...size,
      pixels,
      bitsStored: 12,
      photometric: 'MONOCHROME1',
      extra: [
        [0x00281050, 'DS', '2000\\500.5'],
        [0x00281051, 'DS', '3000\\100'],
        [0x00281052, 'DS', '-1024'],
        [0x00281053, 'DS', '2'],
      ],
    });

    const { about } = await decodeGreyValues(file);

    expect(about).toMatchObject({ bits: 16, bitsStored: 12, slope: 2, intercept: -1024, inverted: true });
    expect(about.windows).toEqual([
      { centre: 2000, width: 3000, shape: 'LINEAR' },
      { centre: 500.5, width: 100, shape: 'LINEAR' },
    ]);
    expect(about.first).toEqual(about.windows[0]);
  });

  test('begin with the full range where the file has no window, or one that shows nothing', async () => {
    const plain = await decodeGreyValues(aDicomFile({ ...size, pixels, bitsStored: 12 }));
    const blind = [
      [0x00281050, 'DS', '30000'],
      [0x00281051, 'DS', '2'],
    ] as const;
    const blinded = await decodeGreyValues(aDicomFile({ ...size, pixels, bitsStored: 12, extra: blind }));

    expect(plain.about.first).toEqual(plain.about.full);
    expect(plain.about.full).toEqual({ centre: 2047.5, width: 4095, shape: 'LINEAR_EXACT' });
    expect(blinded.about).toMatchObject({ windows: [{ centre: 30_000 }], first: plain.about.full });
  });

  test('of a 16-bit PNG are its 16 bits, of an 8-bit one its 8', async () => {
    const deep = await sharp(pixels, { raw: { ...size, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();

    const { about, pixels: found } = await decodeGreyValues(deep);

    expect(about).toMatchObject({ bits: 16, least: Math.min(...pixels), most: Math.max(...pixels) });
    expect(found).toEqual(pixels);
    const eight = await decodeGreyValues(await sharp(deep).toColourspace('b-w').png().toBuffer());
    expect(eight.about).toMatchObject({ bits: 8, full: { centre: 127.5, width: 255 } });
  });

  test('of a file that is none are refused by name', async () => {
    await expect(decodeGreyValues(Buffer.from('GIF89a......'))).rejects.toThrow(/GIF|format/i);
  });
});
