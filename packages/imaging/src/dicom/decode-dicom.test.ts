import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeDicomPixels, decodeRadiograph } from '../index.js';
import { aDicomFile, type TestDicom } from '../testing/a-dicom-file.js';
import { encodeJpegLossless, encodeRle, encodeWithWasm } from '../testing/encoders.js';
import { deepPhantom, phantom } from '../testing/phantom.js';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  RLE_LOSSLESS,
} from './transfer-syntax.js';

const size = { width: 37, height: 26 };
const grey8 = phantom(37, 26).pixels;
const grey12 = deepPhantom(37, 26, 12);
/** The JPEG 2000 encoder's five decompositions need some room. */
const large = { width: 101, height: 80 };
const large12 = deepPhantom(101, 80, 12);
const bytesOf = (words: Uint16Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

const NATIVE: readonly (readonly [string, Partial<TestDicom>])[] = [
  ['implicit little endian', { syntax: IMPLICIT_LITTLE_ENDIAN }],
  ['explicit little endian', { syntax: EXPLICIT_LITTLE_ENDIAN }],
  ['explicit big endian', { syntax: EXPLICIT_BIG_ENDIAN }],
  ['deflated', { syntax: DEFLATED_LITTLE_ENDIAN }],
  ['implicit without file meta', { syntax: IMPLICIT_LITTLE_ENDIAN, meta: false }],
  ['explicit without file meta', { syntax: EXPLICIT_LITTLE_ENDIAN, meta: false }],
];

describe('stored pixel values of DICOM files', () => {
  test.each(NATIVE)('%s: 12 bits in 16 come back exactly', async (_, options) => {
    const image = await decodeDicomPixels(aDicomFile({ ...size, pixels: grey12, bitsStored: 12, ...options }));

    expect(image).toMatchObject({ ...size, bitsStored: 12, signed: false });
    expect(image.pixels).toEqual(grey12);
  });

  test.each(NATIVE)('%s: 8 bits come back exactly', async (_, options) => {
    const image = await decodeDicomPixels(aDicomFile({ ...size, pixels: grey8, ...options }));

    expect(image.pixels).toEqual(grey8);
  });

  test('signed values keep their sign', async () => {
    const signed = Int16Array.from(grey12, (value) => value - 2048);

    const image = await decodeDicomPixels(aDicomFile({ ...size, pixels: signed, bitsStored: 12 }));

    expect(image).toMatchObject({ signed: true, bitsStored: 12 });
    expect(image.pixels).toEqual(signed);
  });

  test('RLE of 8 and of 16 bits comes back exactly', async () => {
    const high = Uint8Array.from(grey12, (value) => value >> 8);
    const low = Uint8Array.from(grey12, (value) => value & 255);

    const eight = await decodeDicomPixels(aDicomFile({ ...size, syntax: RLE_LOSSLESS, pixels: [encodeRle([grey8])] }));
    const sixteen = await decodeDicomPixels(
      aDicomFile({
        ...size,
        syntax: RLE_LOSSLESS,
        pixels: [encodeRle([high, low])],
        bitsAllocated: 16,
        bitsStored: 12,
      }),
    );

    expect(eight.pixels).toEqual(grey8);
    expect(sixteen.pixels).toEqual(grey12);
  });

  test.each([8, 12, 16])('JPEG lossless of %i bits comes back exactly', async (bits) => {
    const pixels = deepPhantom(37, 26, bits);
    const frame = encodeJpegLossless(pixels, { ...size, bits });
    const bitsAllocated = bits === 8 ? 8 : 16;

    const image = await decodeDicomPixels(
      aDicomFile({ ...size, syntax: '1.2.840.10008.1.2.4.70', pixels: [frame], bitsAllocated, bitsStored: bits }),
    );

    expect(Array.from(image.pixels)).toEqual(Array.from(pixels));
  });

  test.each([
    ['JPEG 2000', 'J2KEncoder', '1.2.840.10008.1.2.4.90'],
    ['JPEG-LS', 'JpegLSEncoder', '1.2.840.10008.1.2.4.80'],
  ] as const)('%s of 12 bits comes back exactly, in one fragment or several', async (_, kind, syntax) => {
    const frame = await encodeWithWasm(kind, bytesOf(large12), { ...large, bitsPerSample: 12, componentCount: 1 });
    const deep = { ...large, syntax, bitsAllocated: 16, bitsStored: 12 };

    const whole = await decodeDicomPixels(aDicomFile({ ...deep, pixels: [frame] }));
    const parts = await decodeDicomPixels(
      aDicomFile({ ...deep, pixels: [frame.subarray(0, 400), frame.subarray(400)] }),
    );

    expect(whole.pixels).toEqual(large12);
    expect(parts.pixels).toEqual(large12);
  });

  test('JPEG baseline gives what a JPEG reader gives', async () => {
    const frame = await sharp(grey8, { raw: { ...size, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality: 90 })
      .toBuffer();
    const expected = await sharp(frame).toColourspace('b-w').raw().toBuffer();

    const image = await decodeDicomPixels(aDicomFile({ ...size, syntax: '1.2.840.10008.1.2.4.50', pixels: [frame] }));

    expect(Array.from(image.pixels)).toEqual(Array.from(expected));
  });

  test('the compressed data are believed over a wrong transfer syntax', async () => {
    const frame = await encodeWithWasm('J2KEncoder', bytesOf(large12), {
      ...large,
      bitsPerSample: 12,
      componentCount: 1,
    });

    const image = await decodeDicomPixels(
      aDicomFile({ ...large, syntax: '1.2.840.10008.1.2.4.50', pixels: [frame], bitsAllocated: 16, bitsStored: 12 }),
    );

    expect(image.pixels).toEqual(large12);
  });

  test('more bits than the header declares are kept', async () => {
    const image = await decodeDicomPixels(aDicomFile({ ...size, pixels: grey12, bitsStored: 10 }));

    expect(image.bitsStored).toBe(12);
    expect(image.pixels).toEqual(grey12);
  });

  test('colour by pixel and by plane is the same colour', async () => {
    const { pixels } = phantom(37, 26, 3);
    const planes = [0, 1, 2].flatMap((plane) => Array.from(pixels.filter((_, index) => index % 3 === plane)));

    const byPixel = await decodeDicomPixels(aDicomFile({ ...size, samples: 3, pixels }));
    const byPlane = await decodeDicomPixels(
      aDicomFile({ ...size, samples: 3, pixels: Uint8Array.from(planes), extra: [[0x00280006, 'US', [1]]] }),
    );

    expect(byPixel.pixels).toEqual(pixels);
    expect(byPlane.pixels).toEqual(pixels);
  });
});

describe('DICOM as shown', () => {
  const ramp = Uint16Array.from({ length: 4096 }, (_, index) => index);
  const shown = async (options: Partial<TestDicom>) => {
    const file = aDicomFile({ width: 64, height: 64, pixels: ramp, bitsStored: 12, ...options });
    return (await decodeRadiograph(file)).pixels;
  };

  test('without a window the whole range of the stored bits is shown', async () => {
    const pixels = await shown({});

    expect([pixels[0], pixels[2048], pixels[4095]]).toEqual([0, 128, 255]);
  });

  test('a window follows PS3.3 C.11.2.1.2: black to c - 0.5 - (w-1)/2, white from c - 0.5 + (w-1)/2', async () => {
    const pixels = await shown({
      extra: [
        [0x00281050, 'DS', '1000.5'],
        [0x00281051, 'DS', '511'],
      ],
    });

    expect([pixels[744], pixels[745], pixels[747], pixels[1000], pixels[1254], pixels[1255]]).toEqual([
      0, 0, 1, 128, 254, 255,
    ]);
  });

  test('the window is applied after rescaling', async () => {
    const pixels = await shown({
      extra: [
        [0x00281050, 'DS', '1'],
        [0x00281051, 'DS', '1001'],
        [0x00281052, 'DS', '-1000'],
        [0x00281053, 'DS', '2'],
      ],
    });

    // 2 * 250 - 1000 = -500, the window's lower end; 2 * 750 - 1000 = 500, its upper.
    expect([pixels[250], pixels[500], pixels[751]]).toEqual([0, 127, 255]);
    expect(pixels[252]).toBeGreaterThan(0);
    expect(pixels[748]).toBeLessThan(255);
  });

  test('MONOCHROME1 is inverted', async () => {
    const pixels = await shown({ photometric: 'MONOCHROME1' });

    expect([pixels[0], pixels[4095]]).toEqual([255, 0]);
  });

  test('a window beside all the data is not believed', async () => {
    const pixels = await shown({
      extra: [
        [0x00281050, 'DS', '30000'],
        [0x00281051, 'DS', '100'],
      ],
    });

    expect([pixels[0], pixels[4095]]).toEqual([0, 255]);
  });

  test('12 bits of data under a header of 16 are not shown dark', async () => {
    const pixels = await shown({ bitsStored: 16 });

    expect(pixels[4095]).toBe(255);
  });

  test.each([
    ['PA', 'frontal'],
    ['AP', 'frontal'],
    ['LL', 'lateral'],
    ['LATERAL', 'lateral'],
    ['OBLIQUE', 'unknown'],
  ])('view position %s is %s', async (position, view) => {
    const file = aDicomFile({ ...size, pixels: grey8, extra: [[0x00185101, 'CS', position]] });

    expect((await decodeRadiograph(file)).view).toBe(view);
  });
});

describe('DICOM that is no usable image', () => {
  const rejected = async (file: Uint8Array) =>
    decodeRadiograph(file).then(
      () => 'accepted',
      (error) => error,
    );
  const native = { ...size, pixels: grey8 };

  test.each([
    ['several frames', aDicomFile({ ...native, extra: [[0x00280008, 'IS', '12']] }), /12 frames/],
    ['a palette', aDicomFile({ ...native, photometric: 'PALETTE COLOR' }), /PALETTE COLOR/],
    ['32 bits', aDicomFile({ ...native, bitsAllocated: 32 }), /32 bits/],
    ['unknown compression', aDicomFile({ ...size, pixels: [Buffer.alloc(64, 7)] }), /no decoder here knows/],
  ])('%s is unsupported-dicom', async (_, file, message) => {
    expect(await rejected(file)).toMatchObject({
      name: 'UnfitImageError',
      reason: 'unsupported-dicom',
      message: expect.stringMatching(message),
    });
  });

  test('a size over the limit is refused by the header alone', async () => {
    const bomb = aDicomFile({ width: 60_000, height: 60_000, pixels: grey8 });

    expect(await rejected(bomb)).toMatchObject({
      reason: 'too-many-pixels',
      message: 'the file declares 60000 x 60000 pixels, over the limit of 40 million pixels; reduce it first',
    });
  });

  test('a compressed frame of another size than the header says is refused before it is decoded', async () => {
    const frame = encodeJpegLossless(deepPhantom(37, 26, 8), { ...size, bits: 8 });
    frame.set([0xea, 0x60, 0xea, 0x60], 7);

    expect(await rejected(aDicomFile({ ...size, pixels: [frame] }))).toMatchObject({
      reason: 'unreadable',
      message: expect.stringContaining('60000 x 60000'),
    });
  });

  test('a deflated data set that unfolds without end is refused', async () => {
    const bomb = aDicomFile({
      width: 10_000,
      height: 12_000,
      syntax: DEFLATED_LITTLE_ENDIAN,
      pixels: new Uint8Array(120_000_000),
    });

    expect(await rejected(bomb)).toMatchObject({ reason: 'too-many-pixels' });
  });

  test('a file cut off in its pixels is truncated, compressed or not', async () => {
    const whole = aDicomFile(native);
    const frame = encodeJpegLossless(deepPhantom(37, 26, 8), { ...size, bits: 8 });

    expect(await rejected(whole.subarray(0, whole.length - 100))).toMatchObject({ reason: 'truncated' });
    expect(await rejected(aDicomFile({ ...size, pixels: [frame.subarray(0, 300)] }))).toMatchObject({
      reason: 'truncated',
    });
  });

  test('a file without pixel data is unsupported-dicom', async () => {
    const report = aDicomFile(native);
    const start = Buffer.from(report).indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));

    expect(await rejected(report.subarray(0, start))).toMatchObject({ reason: 'unsupported-dicom' });
  });
});
