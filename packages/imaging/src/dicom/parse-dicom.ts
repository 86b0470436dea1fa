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
    if (/past end|past the end|beyond|not enough|seek past|missing delimiter|did not find/i.test(fault)) {
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
  const dataSet = dicomParser.parseDicom(buffer, { inflater: inflateWithin(INFLATED_LIMIT) });
  const transferSyntax = dataSet.string('x00020010')?.trim() ?? IMPLICIT_LITTLE_ENDIAN;
  return { dataSet, transferSyntax };
}

/** The library's own inflater has no limit. Returns header and inflated data set as one array, as it expects. */
function inflateWithin(maxOutputLength: number): (array: Uint8Array, position: number) => Uint8Array {
  return (array, position) => {
    try {
      const inflated = inflateRawSync(array.subarray(position), { maxOutputLength });
      return Buffer.concat([array.subarray(0, position), inflated]);
    } catch (cause) {
      if (cause instanceof RangeError) {
        const limit = `${maxOutputLength / 2 ** 20} MiB`;
        throw new UnfitImageError(
          'too-many-pixels',
          `the deflated DICOM data set (${DEFLATED_LITTLE_ENDIAN}) unfolds to over ${limit}`,
          {
            cause,
          },
        );
      }
      throw cause;
    }
  };
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
