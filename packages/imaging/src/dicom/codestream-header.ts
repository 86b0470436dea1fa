import { UnfitImageError } from '../unfit-image-error.js';

export type CodestreamKind = 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'unknown';

/** What a compressed frame says of itself. Its own word is taken over the file's transfer syntax, which may lie. */
export interface CodestreamHeader {
  readonly kind: CodestreamKind;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
}

const UNKNOWN: CodestreamHeader = { kind: 'unknown', width: 0, height: 0, components: 0, precision: 0 };

/** Start-of-frame markers (ITU-T T.81 table B.1, T.87) that some decoder here takes. */
const FRAME_MARKERS = new Map<number, CodestreamKind>([
  [0xc0, 'jpeg'],
  [0xc1, 'jpeg'],
  [0xc2, 'jpeg'],
  [0xc3, 'jpeg-lossless'],
  [0xf7, 'jpeg-ls'],
]);

/** Reads the size before a decoder gives memory to it. Throws `unreadable` where the markers are broken. */
export function readCodestreamHeader(frame: Uint8Array): CodestreamHeader {
  if (frame.length < 16 || frame[0] !== 0xff) return UNKNOWN;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    if (frame[1] === 0x4f && frame[2] === 0xff && frame[3] === 0x51) return readSiz(view);
    if (frame[1] === 0xd8) return readFrameMarker(view);
  } catch (cause) {
    throw new UnfitImageError('truncated', 'the compressed pixel data ends inside its own header', { cause });
  }
  return UNKNOWN;
}

/** JPEG 2000 (ITU-T T.800 A.5.1): SIZ follows SOC at once; offsets are subtracted from the grid's size. */
function readSiz(view: DataView): CodestreamHeader {
  return {
    kind: 'jpeg-2000',
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    precision: (view.getUint8(42) & 0x7f) + 1,
  };
}

function readFrameMarker(view: DataView): CodestreamHeader {
  let offset = 2;
  while (offset < view.byteLength) {
    if (view.getUint8(offset) !== 0xff) return UNKNOWN;
    const marker = view.getUint8(offset + 1);
    const kind = FRAME_MARKERS.get(marker);
    if (kind !== undefined) {
      return {
        kind,
        precision: view.getUint8(offset + 4),
        height: view.getUint16(offset + 5),
        width: view.getUint16(offset + 7),
        components: view.getUint8(offset + 9),
      };
    }
    // Fill bytes are allowed before a marker.
    offset += marker === 0xff ? 1 : 2 + view.getUint16(offset + 2);
  }
  return UNKNOWN;
}
