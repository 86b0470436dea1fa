/** Segments in which people's names travel: JPEG comments, EXIF and XMP, ICC, IPTC; JPEG 2000 comments. */
const DROPPED_MARKERS = new Set([0xfe, 0xe1, 0xe2, 0xed, 0x64]);

/** Start of scan (JPEG) and start of tile-part (JPEG 2000): the pixel data begins. */
const LAST_MARKERS = new Set([0xda, 0x90]);

/** Drops free text from the header of a JPEG or JPEG 2000 stream; the pixels decode as before. Other bytes come back as they are. */
export function stripComments(frame: Uint8Array): Uint8Array {
  const jpeg = frame[0] === 0xff && (frame[1] === 0xd8 || frame[1] === 0x4f);
  if (!jpeg) return frame;
  const kept: Uint8Array[] = [frame.subarray(0, 2)];
  let offset = 2;
  while (offset + 4 <= frame.length && frame[offset] === 0xff) {
    const marker = frame[offset + 1] ?? 0;
    if (LAST_MARKERS.has(marker)) break;
    const length = 2 + ((frame[offset + 2] ?? 0) << 8) + (frame[offset + 3] ?? 0);
    if (!DROPPED_MARKERS.has(marker)) kept.push(frame.subarray(offset, offset + length));
    offset += length;
  }
  return Buffer.concat([...kept, frame.subarray(offset)]);
}
