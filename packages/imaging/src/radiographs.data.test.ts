import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { decodeRaster } from './decode-raster.js';
import { decodeDicomPixels, decodeRadiograph, deidentify, prepareImage, readPrepared } from './index.js';

const shared = sharedFolder();
const read = (...parts: string[]) => readFile(path.join(shared ?? '', ...parts));

interface Golden {
  readonly set: string;
  readonly file: string;
  readonly file_sha256: string | null;
  readonly prepared_png: string;
  readonly prepared_rgb_sha256: string;
}

describe.skipIf(shared === undefined)('real radiographs', () => {
  const dicoms = ['CR-MONO1-10-chest', 'Fake_MONOHR1', 'RG1_J2KI', 'RG3_J2KR', 'test1', 'test2'];

  test.each(dicoms)(
    '%s.dcm decodes to the pixels of an independent decoder, before and after de-identification',
    async (name) => {
      const file = await read('data/dicom/files', `${name}.dcm`);
      const expected = await decodeRaster(await read('data/dicom/decoded', `${name}.png`), 'image/png', 40e6);

      const image = await decodeDicomPixels(file);
      const anonymous = await decodeDicomPixels(deidentify(file, { salt: 'salt' }).bytes);

      expect([image.width, image.height]).toEqual([expected.width, expected.height]);
      expect(Buffer.compare(bytesOf(image.pixels), bytesOf(expected.pixels))).toBe(0);
      expect(Buffer.compare(bytesOf(anonymous.pixels), bytesOf(expected.pixels))).toBe(0);
    },
  );

  test('headers that lie are read for what is there', async () => {
    const views = await Promise.all(
      dicoms.map(async (name) => (await decodeRadiograph(await read('data/dicom/files', `${name}.dcm`))).view),
    );

    // test1 and test2 carry the view in the patient position; Fake_MONOHR1 is JPEG under MONOCHROME1.
    expect(views).toEqual(['frontal', 'frontal', 'frontal', 'frontal', 'frontal', 'frontal']);
  });

  test('de-identification drops names, institutions, days and ids of the real files', async () => {
    const file = await read('data/dicom/files/RG1_J2KI.dcm');

    const { bytes, attributes } = deidentify(file, { salt: 'salt' });

    const header = Buffer.from(bytes.subarray(0, 3000)).toString('latin1');
    for (const word of [
      'CompressedSamples',
      '9RG1',
      'Hamburg',
      'THORAVISION',
      '19400305',
      '2004',
      '1.3.6.1.4.1.5962',
    ]) {
      expect(header).not.toContain(word);
    }
    expect(attributes).toEqual({ sex: 'F', view: 'frontal', modality: 'CR', bodyPart: 'CHEST' });
  });

  test('the network input equals the oracle to the bit, from the file as well as from its prepared PNG', async () => {
    const { images } = JSON.parse((await read('oracles/features/golden-pool5.json')).toString()) as {
      images: readonly Golden[];
    };
    const hash = (rgb: Uint8Array) => createHash('sha256').update(rgb).digest('hex');

    for (const image of images) {
      const prepared = await read('oracles/features', image.prepared_png);
      expect(hash(await readPrepared(prepared))).toBe(image.prepared_rgb_sha256);
      if (image.file_sha256 === null) continue;
      const { png } = await prepareImage(await read('data', image.set, image.file));
      expect([image.file, hash(await readPrepared(png))]).toEqual([image.file, image.prepared_rgb_sha256]);
    }
  });

  test('every odd file has one clear outcome', async () => {
    const folder = path.join(shared ?? '', 'data/odd/derived');
    const outcomes: Record<string, string> = {};
    for (const name of (await readdir(folder)).sort()) {
      outcomes[name] = await prepareImage(await readFile(path.join(folder, name))).then(
        ({ width, height, greyStatistics }) => `${width} x ${height}, mean ${greyStatistics[0]?.toFixed(0)}`,
        (error: { reason: string; message: string }) => `${error.reason}: ${error.message}`,
      );
    }

    expect(outcomes).toEqual({
      'cmyk.jpg': '512 x 512, mean 163',
      'empty.png': 'empty-file: the file is empty; fetch or export it again',
      'exif_orientation_6.jpg': '512 x 512, mean 163',
      'gray16.png': '512 x 512, mean 163',
      'html_error_named.png':
        'unsupported-format: the file is an HTML page (often an error page), not a PNG, JPEG or DICOM image; convert it first',
      'image.gif': 'unsupported-format: the file is a GIF, not a PNG, JPEG or DICOM image; convert it first',
      'one_pixel.png': 'too-small: the image is 1 x 1 pixels; at least 64 on the short edge are needed',
      'progressive.jpg': '512 x 512, mean 163',
      'rgba_transparent.png': '512 x 512, mean 163',
      'truncated.png': expect.stringMatching(/^truncated: the file ends before its image does/),
    });
  });

  test('the EXIF-rotated image comes out as its upright twin', async () => {
    const upright = await prepareImage(await read('data/odd/derived/progressive.jpg'));
    const rotated = await prepareImage(await read('data/odd/derived/exif_orientation_6.jpg'));

    for (const [index, value] of upright.greyStatistics.entries()) {
      expect(Math.abs(value - (rotated.greyStatistics[index] ?? 0))).toBeLessThan(1.5);
    }
  });
});

function bytesOf(pixels: Uint8Array | Uint16Array | Int16Array): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
