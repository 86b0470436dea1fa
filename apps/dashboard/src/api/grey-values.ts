import { Readable } from 'node:stream';
import { findImageLineage } from '@xvision/catalogue';
import { type DecodedGrey, UnfitImageError } from '@xvision/imaging';
import type { Response } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError, UnfitRequestError } from './failures.js';
import { type Route, streamRoute } from './route.js';
import { FILE_REPLIES, type FileSource, sendFile } from './send-file.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'blobs' | 'decoder'>;

/** Changes whenever the same original would give other values or another header. */
const FORM = 'grey-v1';

/** An original decoded at its own depth, for a window over all of it; made anew each time, since a browser keeps it. */
export function greyValueRoutes(needs: Needs): Route[] {
  return [
    streamRoute({
      method: 'get',
      path: '/api/images/{id}/grey-values',
      summary: 'The decoded values of the original at their own depth; X-Xvision-Grey says how to read them',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      reply: {
        status: 200,
        description: 'Row-major, little-endian, 8 or 16 bits a sample',
        contentType: 'application/octet-stream',
      },
      alsoReplies: FILE_REPLIES,
      handle: async ({ params: { id }, request, response }) => {
        const lineage = await findImageLineage(needs.catalogue, id);
        if (lineage === undefined) throw new NotFoundError(`there is no image ${id}`);
        const { originalSha256 } = lineage;
        const named = { sha256: `${FORM}-${originalSha256}`, name: `${id}.raw`, immutable: true };
        const blobs = decodedSource(() => decode(needs, originalSha256), response);
        await sendFile({ blobs }, { ...named, contentType: 'application/octet-stream' }, { request, response });
      },
    }),
  ];
}

/** Decodes once the length is asked for, which is not the case where a browser has the values already. */
function decodedSource(decoded: () => Promise<DecodedGrey>, response: Response): FileSource {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    byteLength: async () => {
      const { about, pixels } = await decoded();
      bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      response.set('X-Xvision-Grey', JSON.stringify(about));
      return bytes.byteLength;
    },
    openStream: () => Promise.resolve(Readable.from([bytes])),
    openPart: (_key, { start, end }) => Promise.resolve(Readable.from([bytes.subarray(start, end + 1)])),
  };
}

async function decode({ blobs, decoder }: Needs, sha256: string): Promise<DecodedGrey> {
  const original = await blobs.get(sha256);
  return await decoder.greyValues(original).catch((error: unknown) => {
    if (error instanceof UnfitImageError) throw new UnfitRequestError(error.message, { cause: error });
    throw error;
  });
}
