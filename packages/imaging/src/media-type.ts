import { UnfitImageError } from './unfit-image-error.js';

export type MediaType = 'image/png' | 'image/jpeg' | 'application/dicom';

const DICOM_PREAMBLE_LENGTH = 128;

/** What people send instead of a radiograph, so that the rejection can name it. */
const STRANGERS: readonly (readonly [name: string, offset: number, magic: string])[] = [
  ['a GIF', 0, 'GIF8'],
  ['a BMP', 0, 'BM'],
  ['a TIFF', 0, 'II*\0'],
  ['a TIFF', 0, 'MM\0*'],
  ['a WebP', 8, 'WEBP'],
  ['an AVIF or HEIC', 4, 'ftyp'],
  ['a bare JPEG 2000', 0, '\0\0\0\x0cjP  '],
  ['a bare JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['a PDF', 0, '%PDF'],
  ['a ZIP archive', 0, 'PK\x03\x04'],
  ['a gzip archive', 0, '\x1f\x8b'],
  ['an executable', 0, '\x7fELF'],
];

/**
 * Says what the bytes are by their magic number; a file name and a declared type are never believed.
 * Throws {@link UnfitImageError} (`empty-file`, `unsupported-format`) that names what was found instead.
 */
export function sniffMediaType(bytes: Uint8Array): MediaType {
  if (bytes.length === 0) throw new UnfitImageError('empty-file', 'the file is empty; fetch or export it again');
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n', 0)) return 'image/png';
  if (startsWith(bytes, '\xff\xd8\xff', 0)) return 'image/jpeg';
  if (startsWith(bytes, 'DICM', DICOM_PREAMBLE_LENGTH) || startsWith(bytes, 'DICM', 0)) return 'application/dicom';

  const stranger = STRANGERS.find(([, offset, magic]) => startsWith(bytes, magic, offset));
  if (stranger !== undefined) throw unsupported(stranger[0]);
  if (startsLikeDataSet(bytes)) return 'application/dicom';
  throw unsupported(describeText(bytes));
}

function unsupported(what: string): UnfitImageError {
  return new UnfitImageError(
    'unsupported-format',
    `the file is ${what}, not a PNG, JPEG or DICOM image; convert it first`,
  );
}

function startsWith(bytes: Uint8Array, magic: string, offset: number): boolean {
  if (bytes.length < offset + magic.length) return false;
  for (let index = 0; index < magic.length; index++) {
    if (bytes[offset + index] !== magic.charCodeAt(index)) return false;
  }
  return true;
}

/** Files from before DICOM part 10 begin with their first element: group 2 or 8, little endian, a sane length. */
function startsLikeDataSet(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const group = view.getUint16(0, true);
  const element = view.getUint16(2, true);
  if ((group !== 0x0002 && group !== 0x0008) || element > 0x0100) return false;
  const explicit = isUpperCase(bytes[4]) && isUpperCase(bytes[5]);
  return explicit || view.getUint32(4, true) <= Math.min(1024, bytes.length);
}

function isUpperCase(code: number | undefined): boolean {
  return code !== undefined && code >= 0x41 && code <= 0x5a;
}

function describeText(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page (often an error page)';
  if (start.startsWith('<?xml') || start.startsWith('<svg')) return 'an XML or SVG document';
  if (start.startsWith('{') || start.startsWith('[')) return 'a JSON document';
  return /^[\t\n\r\x20-\x7e]+$/.test(start) ? 'plain text' : 'of an unknown kind';
}
