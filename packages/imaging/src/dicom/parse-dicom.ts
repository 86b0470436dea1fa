import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import { UnfitImageError } from '../unfit-image-error.js';
import { DEFLATED_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transfer-syntax.js';

export interface DicomFile {
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
}

const PREAMBLE_LENGTH = 128;

/** Most bytes that a deflated data set may unfold to: 40 million 16-bit pixels and their header. */
const INFLATED_LIMIT = 96 * 1024 * 1024;

/**
 * Reads the data set of a DICOM file, with or without preamble and file meta information.
 * Throws {@link UnfitImageError}: `truncated` where an element runs past the end, else `unreadable`.
 */
export function parseDicomFile(bytes: Uint8Array): DicomFile {
  // The parser copies by Buffer methods; a view on the same memory costs nothing.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return parse(buffer);
  } catch (cause) {
    if (cause instanceof UnfitImageError) throw cause;
    const fault = faultOf(cause);
    if (/past end|past the end|overrun|beyond|not enough|seek past|missing delimiter|did not find/i.test(fault)) {
      throw new UnfitImageError(
        'truncated',
        `the DICOM file ends in the middle of an element (${fault}); fetch it again`,
        {
          cause,
        },
      );
    }
    throw new UnfitImageError('unreadable', `the DICOM file cannot be read (${fault}); export it again`, { cause });
  }
}

function parse(buffer: Buffer): DicomFile {
  if (hasPrefix(buffer, PREAMBLE_LENGTH)) return parsePart10(buffer);
  if (hasPrefix(buffer, 0)) return parsePart10(Buffer.concat([Buffer.alloc(PREAMBLE_LENGTH), buffer]));
  if (buffer.readUInt16LE(0) === 0x0002) {
    return parsePart10(Buffer.concat([Buffer.alloc(PREAMBLE_LENGTH), Buffer.from('DICM'), buffer]));
  }
  // No file meta information: the value representation in letters tells explicit from implicit.
  const explicit = /^[A-Z]{2}$/.test(buffer.toString('latin1', 4, 6));
  const transferSyntax = explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
  return { dataSet: dicomParser.parseDicom(buffer, { TransferSyntaxUID: transferSyntax }), transferSyntax };
}

function parsePart10(buffer: Buffer): DicomFile {
  const meta = dicomParser.readPart10Header(buffer) as DataSet & { position: number };
  const transferSyntax = meta.string('x00020010')?.trim() ?? IMPLICIT_LITTLE_ENDIAN;
  if (transferSyntax !== DEFLATED_LITTLE_ENDIAN) return { dataSet: dicomParser.parseDicom(buffer), transferSyntax };
  // The library inflates without a limit, and then reads from the wrong place.
  const inflated = inflate(buffer.subarray(meta.position));
  const dataSet = dicomParser.parseDicom(inflated, { TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN });
  return { dataSet, transferSyntax };
}

function inflate(deflated: Uint8Array): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: INFLATED_LIMIT });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const limit = `${INFLATED_LIMIT / 2 ** 20} MiB`;
    throw new UnfitImageError('too-many-pixels', `the deflated DICOM data set unfolds to over ${limit}`, { cause });
  }
}

function hasPrefix(buffer: Buffer, offset: number): boolean {
  return buffer.toString('latin1', offset, offset + 4) === 'DICM';
}

/** The parser throws strings, errors and `{ exception, dataSet }`. */
function faultOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'object' && cause !== null && 'exception' in cause) return faultOf(cause.exception);
  return 'its structure is broken';
}
