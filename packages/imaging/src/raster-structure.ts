import type { MediaType } from './media-type.js';

/** Bytes after which a missing end marker counts as cut off; some writers pad or append. */
const TRAILER_ALLOWANCE = 4096;

/** Whether a PNG or JPEG ends before its own end marker; tells a cut-off download from a corrupt file. */
export function looksCutOff(bytes: Uint8Array, mediaType: MediaType): boolean {
  if (mediaType === 'image/png') return !pngReachesItsEnd(bytes);
  return !endsWithJpegMarker(bytes);
}

/** JPEG, JPEG-LS and JPEG 2000 streams all end with FF D9. */
export function endsWithJpegMarker(bytes: Uint8Array): boolean {
  const first = Math.max(0, bytes.length - TRAILER_ALLOWANCE);
  for (let index = bytes.length - 2; index >= first; index--) {
    if (bytes[index] === 0xff && bytes[index + 1] === 0xd9) return true;
  }
  return false;
}

function pngReachesItsEnd(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 8;
  while (offset + 12 <= bytes.length) {
    const length = view.getUint32(offset);
    const type = view.getUint32(offset + 4);
    if (type === 0x49454e44) return true; // IEND
    offset += 12 + length;
  }
  return false;
}
