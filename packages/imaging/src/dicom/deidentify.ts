import { createHash, createHmac } from 'node:crypto';
import type { View } from '@xvision/contracts';
import type { DataSet } from 'dicom-parser';
import { UnfitImageError } from '../unfit-image-error.js';
import { type DicomFile, parseDicomFile } from './parse-dicom.js';
import { stripComments } from './strip-comments.js';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN, RLE_LOSSLESS } from './transfer-syntax.js';
import { viewOf } from './view-of.js';
import { type DicomElement, textElement, uint16Element, type WrittenPixelData, writeDicom } from './write-dicom.js';

export interface Deidentified {
  /** A DICOM file with the same pixels and nothing that names a person, a place or a day. */
  readonly bytes: Uint8Array;
  /** Keyed hash of the patient's id (of the study's where there is none): the same person is the same text everywhere. */
  readonly patient: string;
  readonly view: View;
  /** Covariates for the audit: `age` (years, 90 stands for 90 and over), `sex`, `view`, `modality`, `bodyPart`, `burnedIn`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Free text hides in coded fields, so each kept value must look like its kind. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  CS: /^[A-Z0-9_ ]{1,16}(\\[A-Z0-9_ ]{1,16})*$/,
  DS: /^[0-9+\-.eE ]{1,16}(\\[0-9+\-.eE ]{1,16})*$/,
  IS: /^[0-9+\- ]{1,12}$/,
};

/** Everything that is kept besides hashed ids and pixels; what is not here is dropped. PS3.15 annex E was the guide. */
const KEPT_TEXT: readonly (readonly [tag: number, vr: 'CS' | 'DS' | 'IS'])[] = [
  [0x00080060, 'CS'], // modality
  [0x00100040, 'CS'], // sex
  [0x00180015, 'CS'], // body part
  [0x00185101, 'CS'], // view position
  [0x00280004, 'CS'], // photometric interpretation
  [0x00280008, 'IS'], // number of frames
  [0x00280030, 'DS'], // pixel spacing
  [0x00280301, 'CS'], // burned-in annotation
  [0x00281050, 'DS'], // window centre
  [0x00281051, 'DS'], // window width
  [0x00281052, 'DS'], // rescale intercept
  [0x00281053, 'DS'], // rescale slope
  [0x00281056, 'CS'], // shape of the window
];
const KEPT_NUMBERS = [0x00280002, 0x00280006, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103];

/** Ages over 89 identify a person (HIPAA safe harbour). */
const OLDEST_AGE = 90;

/**
 * Rewrites a DICOM file from an allow-list. `salt` is the installation's secret: without it the hashes cannot be made again
 * from known ids. Text burned into the pixels stays, see `attributes.burnedIn`. Throws {@link UnfitImageError} where the file
 * cannot be read or holds no image; such bytes must not be kept, since they may name a person.
 */
export function deidentify(bytes: Uint8Array, options: { salt: string }): Deidentified {
  try {
    return rewrite(bytes, options.salt);
  } catch (cause) {
    if (cause instanceof UnfitImageError) throw cause;
    throw new UnfitImageError('unreadable', 'the DICOM file cannot be read; export it again', { cause });
  }
}

function rewrite(bytes: Uint8Array, salt: string): Deidentified {
  const file = parseDicomFile(bytes);
  const { dataSet } = file;
  const keyed = (text: string) => createHmac('sha256', salt).update(text).digest();
  const patientId = textOf(dataSet, 0x00100020);
  const study = textOf(dataSet, 0x0020000d) ?? createHash('sha256').update(bytes).digest('hex');
  const patient = keyed(patientId === undefined ? `study:${study}` : `patient:${patientId}`).toString('hex');

  const age = yearsOf(textOf(dataSet, 0x00101010));
  const view = viewOf(dataSet);
  const uid = (tag: number) => hashedUid(keyed(`uid:${textOf(dataSet, tag) ?? patient}`));
  const sopClass = uidOf(dataSet, 0x00080016);
  const elements = [
    ...keptElements(dataSet),
    textElement(0x00080016, 'UI', sopClass),
    textElement(0x00080018, 'UI', uid(0x00080018)),
    textElement(0x0020000d, 'UI', uid(0x0020000d)),
    textElement(0x0020000e, 'UI', uid(0x0020000e)),
    textElement(0x00100020, 'LO', patient),
    textElement(0x00120062, 'CS', 'YES'),
    textElement(0x00120063, 'LO', 'xvision allow-list v1'),
    ...(age === undefined ? [] : [textElement(0x00101010, 'AS', `${String(age).padStart(3, '0')}Y`)]),
    ...(textOf(dataSet, 0x00185101) === undefined && view !== 'unknown'
      ? [textElement(0x00185101, 'CS', view.toUpperCase())]
      : []),
  ];
  const pixels = pixelDataOf(file);
  return {
    bytes: writeDicom({
      transferSyntax: pixels.kind === 'native' ? EXPLICIT_LITTLE_ENDIAN : file.transferSyntax,
      sopClass,
      sopInstance: uid(0x00080018),
      elements,
      pixelData: pixels,
    }),
    patient,
    view,
    attributes: attributesOf(dataSet, { age, view }),
  };
}

function keptElements(dataSet: DataSet): DicomElement[] {
  const texts = KEPT_TEXT.flatMap(([tag, vr]) => {
    const text = textOf(dataSet, tag);
    return text !== undefined && SHAPES[vr]?.test(text) === true ? [textElement(tag, vr, text)] : [];
  });
  const numbers = KEPT_NUMBERS.flatMap((tag) => {
    const value = dataSet.uint16(keyOf(tag));
    return value === undefined ? [] : [uint16Element(tag, value)];
  });
  return [...texts, ...numbers];
}

function pixelDataOf({ dataSet, transferSyntax }: DicomFile): WrittenPixelData {
  const element = dataSet.elements['x7fe00010'];
  if (element === undefined) {
    throw new UnfitImageError('unsupported-dicom', 'this DICOM file is not supported: it holds no pixel data');
  }
  const bytesOf = (start: number, length: number) => dataSet.byteArray.subarray(start, start + length);
  if (element.encapsulatedPixelData === true) {
    const fragments = (element.fragments ?? []).map(({ position, length }) => bytesOf(position, length));
    if (transferSyntax === RLE_LOSSLESS) return { kind: 'encapsulated', fragments };
    return { kind: 'encapsulated', fragments: [stripComments(Buffer.concat(fragments))] };
  }
  const wide = (dataSet.uint16('x00280100') ?? 16) > 8;
  const stored = bytesOf(element.dataOffset, element.length);
  const swapped = transferSyntax === EXPLICIT_BIG_ENDIAN && (wide || element.vr === 'OW') && stored.length % 2 === 0;
  return { kind: 'native', vr: wide ? 'OW' : 'OB', bytes: swapped ? Buffer.from(stored).swap16() : stored };
}

function attributesOf(dataSet: DataSet, known: { age: number | undefined; view: View }): Record<string, string> {
  const coded = (tag: number) => {
    const text = textOf(dataSet, tag);
    return text !== undefined && SHAPES['CS']?.test(text) === true ? text : undefined;
  };
  const found = {
    age: known.age?.toString(),
    sex: coded(0x00100040),
    view: known.view === 'unknown' ? undefined : known.view,
    modality: coded(0x00080060),
    bodyPart: coded(0x00180015),
    burnedIn: coded(0x00280301),
  };
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** `062Y`, `62`, `018M`, `003W`, `010D` to whole years. */
function yearsOf(age: string | undefined): number | undefined {
  const match = /^(\d{1,3})([DWMY]?)$/.exec(age ?? '');
  if (match === null) return undefined;
  const perYear = { D: 365.25, W: 52.18, M: 12 }[match[2] ?? ''] ?? 1;
  return Math.min(OLDEST_AGE, Math.floor(Number(match[1]) / perYear));
}

/** A UUID-derived UID (PS3.5 annex B.2) of 128 keyed bits. */
function hashedUid(hash: Buffer): string {
  return `2.25.${BigInt(`0x${hash.toString('hex', 0, 16)}`).toString()}`;
}

/** Computed radiography where the file does not say. */
function uidOf(dataSet: DataSet, tag: number): string {
  const uid = textOf(dataSet, tag);
  return uid !== undefined && /^[0-9.]{1,64}$/.test(uid) ? uid : '1.2.840.10008.5.1.4.1.1.1';
}

function textOf(dataSet: DataSet, tag: number): string | undefined {
  const text = dataSet.string(keyOf(tag))?.trim();
  return text === undefined || text === '' ? undefined : text;
}

function keyOf(tag: number): string {
  return `x${tag.toString(16).padStart(8, '0')}`;
}
