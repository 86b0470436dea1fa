import { describe, expect, test } from 'vitest';
import { decodeDicomPixels, decodeRadiograph, deidentify } from '../index.js';
import { aDicomFile, type TestDicom, type TestElement } from '../testing/a-dicom-file.js';
import { encodeJpegLossless, encodeRle } from '../testing/encoders.js';
import { deepPhantom, phantom } from '../testing/phantom.js';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  RLE_LOSSLESS,
} from './transfer-syntax.js';

const size = { width: 38, height: 26 };
const grey12 = deepPhantom(38, 26, 12);

/** Every value here names a person, a place, a device or a day, or could. */
const IDENTIFYING: readonly TestElement[] = [
  [0x00080012, 'DA', '20200131'],
  [0x00080018, 'UI', '1.2.3.4.5001'],
  [0x00080020, 'DA', '20200130'],
  [0x00080050, 'SH', 'ACC-4711'],
  [0x00080080, 'LO', 'St. Elsewhere'],
  [0x00080090, 'PN', 'Referrer^Rita'],
  [0x00081010, 'SH', 'STATION-9'],
  [0x00081030, 'LO', 'Follow-up for Doe'],
  [0x00100010, 'PN', 'Doe^Jane'],
  [0x00100020, 'LO', 'MRN-0815'],
  [0x00100030, 'DA', '19580229'],
  [0x00101040, 'LO', '12 Elm Street'],
  [0x00180015, 'CS', 'Chest of J. Doe'],
  [0x00181000, 'LO', 'SERIAL-77'],
  [0x0020000d, 'UI', '1.2.3.4.5002'],
  [0x0020000e, 'UI', '1.2.3.4.5003'],
  [0x00204000, 'LT', 'Jane complains of cough'],
  [0x00091010, 'LO', 'Private^Payload'],
  [0x00401012, 'LO', 'Screening Doe'],
];
const CODED: readonly TestElement[] = [
  [0x00080060, 'CS', 'DX'],
  [0x00100040, 'CS', 'F'],
  [0x00101010, 'AS', '062Y'],
  [0x00185101, 'CS', 'PA'],
  [0x00281050, 'DS', '2000'],
  [0x00281051, 'DS', '3000'],
];
const aPatientsFile = (options: Partial<TestDicom> = {}) =>
  aDicomFile({
    ...size,
    pixels: grey12,
    bitsStored: 12,
    ...options,
    extra: [...IDENTIFYING, ...CODED, ...(options.extra ?? [])],
  });

const options = { salt: 'a secret of this installation' };

describe('deidentify', () => {
  const frame = encodeJpegLossless(grey12, { ...size, bits: 12 });
  const commented = Buffer.concat([
    frame.subarray(0, 2),
    Buffer.from('\xff\xfe\0\x0aDoe^Jane', 'latin1'),
    frame.subarray(2),
  ]);

  test.each([
    ['explicit little endian', {}],
    ['implicit little endian', { syntax: IMPLICIT_LITTLE_ENDIAN }],
    ['implicit without meta', { syntax: IMPLICIT_LITTLE_ENDIAN, meta: false }],
    ['explicit big endian', { syntax: EXPLICIT_BIG_ENDIAN }],
    ['deflated', { syntax: DEFLATED_LITTLE_ENDIAN }],
    ['8 bits', { pixels: phantom(38, 26).pixels, bitsStored: 8 }],
    ['RLE', { syntax: RLE_LOSSLESS, pixels: [encodeRle([phantom(38, 26).pixels])], bitsAllocated: 8, bitsStored: 8 }],
    [
      'JPEG lossless with a name in a comment',
      { syntax: '1.2.840.10008.1.2.4.70', pixels: [commented], bitsAllocated: 16 },
    ],
  ] as const)('%s: every identifying value is gone and the image is the same', async (_, layout) => {
    const original = aPatientsFile(layout);

    const { bytes } = deidentify(original, options);

    const text = Buffer.from(bytes).toString('latin1');
    for (const [, , value] of IDENTIFYING) expect(text).not.toContain(value);
    expect(text).not.toContain('Doe');
    expect(await decodeDicomPixels(bytes)).toEqual(await decodeDicomPixels(original));
    expect(await decodeRadiograph(bytes)).toEqual(await decodeRadiograph(original));
  });

  test('covariates and the view are kept', () => {
    const { view, attributes } = deidentify(aPatientsFile(), options);

    expect(view).toBe('frontal');
    expect(attributes).toEqual({ age: '62', sex: 'F', view: 'frontal', modality: 'DX' });
  });

  test.each([
    ['062Y', '62'],
    ['62', '62'],
    ['018M', '1'],
    ['095Y', '90'],
  ])('age %s is kept as %s years', (written, age) => {
    expect(deidentify(aPatientsFile({ extra: [[0x00101010, 'AS', written]] }), options).attributes['age']).toBe(age);
  });

  test('a patient is the same hash in every file, another under another salt, and never the id', () => {
    const first = deidentify(aPatientsFile(), options);
    const second = deidentify(aPatientsFile({ extra: [[0x00080018, 'UI', '1.2.3.4.6001']] }), options);
    const elsewhere = deidentify(aPatientsFile(), { salt: 'another' });

    expect(second.patient).toBe(first.patient);
    expect(elsewhere.patient).not.toBe(first.patient);
    expect(first.patient).toMatch(/^[0-9a-f]{64}$/);
  });

  test('without a patient id the study groups the images', () => {
    const nameless = (study: string) =>
      deidentify(aDicomFile({ ...size, pixels: grey12, extra: [[0x0020000d, 'UI', study]] }), options).patient;

    expect(nameless('1.2.3')).toBe(nameless('1.2.3'));
    expect(nameless('1.2.3')).not.toBe(nameless('1.2.4'));
  });

  test('the same file gives the same bytes, and doing it twice changes no pixel', async () => {
    const once = deidentify(aPatientsFile(), options).bytes;

    expect(deidentify(aPatientsFile(), options).bytes).toEqual(once);
    expect(await decodeRadiograph(deidentify(once, options).bytes)).toEqual(await decodeRadiograph(once));
  });

  test('a file that cannot be read is refused, not passed on', () => {
    expect(() => deidentify(aPatientsFile().subarray(0, 400), options)).toThrow(
      expect.objectContaining({ name: 'UnfitImageError' }),
    );
  });
});
