import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '@xvision/blob-store';
import type { Request, Response } from 'express';
import { UnsatisfiableRangeError } from './failures.js';

export interface SentFile {
  readonly sha256: string;
  readonly contentType: string;
  readonly name: string;
  /** What this address gives can never change. */
  readonly immutable: boolean;
}

/** What a route that sends a file also answers. */
export const FILE_REPLIES = { 206: 'The part that `Range` asks for', 304: 'Not changed' } as const;

/** Where the bytes come from: a store, or something that makes them when they are asked for. */
export type FileSource = Pick<BlobStore, 'byteLength' | 'openStream' | 'openPart'>;

/** A blob with a strong ETag, whole or the one part that is asked for. */
export async function sendFile(
  { blobs }: { readonly blobs: FileSource },
  { sha256, contentType, name, immutable }: SentFile,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const etag = `"${sha256}"`;
  const fixed = {
    'Cache-Control': immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    ETag: etag,
    'Accept-Ranges': 'bytes',
    // Bytes of strangers: whatever they turn out to be, nothing in them may run.
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
  const notChanged = () => {
    response.set(fixed);
    return request.fresh;
  };
  if (notChanged()) {
    response.status(304).end();
    return;
  }
  for (const header of Object.keys(fixed)) if (header !== 'Content-Security-Policy') response.removeHeader(header);
  const size = await blobs.byteLength(sha256);
  const part = partOf(request, { size, etag });
  const stream = part === undefined ? await blobs.openStream(sha256) : await blobs.openPart(sha256, part);
  response.status(part === undefined ? 200 : 206).set({
    ...fixed,
    'Content-Type': contentType,
    'Content-Disposition': `${contentType.startsWith('image/') ? 'inline' : 'attachment'}; filename="${name}"`,
    'Content-Length': String(part === undefined ? size : part.end - part.start + 1),
    ...(part === undefined ? {} : { 'Content-Range': `bytes ${part.start}-${part.end}/${size}` }),
  });
  await pipeline(stream, response);
}

/** Undefined: send all of it, as RFC 9110 lets a server do with several parts and with what it cannot read. */
function partOf(
  request: Request,
  { size, etag }: { readonly size: number; readonly etag: string },
): { start: number; end: number } | undefined {
  const condition = request.get('If-Range');
  if (condition !== undefined && condition !== etag) return undefined;
  const ranges = request.range(size);
  if (ranges === undefined || ranges === -2) return undefined;
  if (ranges === -1) throw new UnsatisfiableRangeError(size);
  const [first] = ranges;
  return ranges.type !== 'bytes' || ranges.length !== 1 ? undefined : first;
}
