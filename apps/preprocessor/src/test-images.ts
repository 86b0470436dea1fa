import { createHash, randomUUID } from 'node:crypto';
import type { BlobStore } from '@xvision/blob-store';
import { type Catalogue, insertCollection, recordCollected } from '@xvision/catalogue';
import type { Envelope, ImageCollected } from '@xvision/contracts';
import { encodeGrey } from '@xvision/imaging';
import { anImageCollected } from '@xvision/testing';

const origin = { source: 'xvision/test' };

/** A textured grey PNG; each `n` gives another one. */
export function aRadiograph(n: number, side = 300): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: side * side }, (_, index) => (index * (n + 1)) % 251);
  return encodeGrey(pixels, { width: side, height: side });
}

export interface Original {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly asPrepared?: boolean;
}

/** One collection of these originals, in the catalogue and in the store, and the event of each, in their order. */
export async function collect(
  catalogue: Catalogue,
  blobs: Pick<BlobStore, 'put'>,
  originals: readonly Original[],
): Promise<Envelope<ImageCollected>[]> {
  for (const { bytes } of originals) await blobs.put(bytes);
  const shaOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const recorded = await catalogue.transaction(async (tx) => {
    const request = { source: 'openi', name: randomUUID(), purpose: 'dataset' } as const;
    const { id } = await insertCollection(tx, request, origin);
    const images = originals.map(({ name, bytes, asPrepared = false }) => ({
      externalId: name,
      originalSha256: shaOf(bytes),
      mediaType: 'image/png' as const,
      // The scraper rejects empty files itself; one that came through all the same must be met here too.
      byteLength: Math.max(1, bytes.length),
      asPrepared,
      patient: name,
    }));
    return recordCollected(tx, { collectionId: id, images }, origin);
  });
  const ids = new Map(recorded.map((image) => [image.externalId, image.id]));
  return originals.map(({ name, bytes, asPrepared = false }) =>
    anImageCollected({ imageId: ids.get(name) ?? name, originalSha256: shaOf(bytes), asPrepared }),
  );
}

export interface Announced {
  readonly subject: string;
  readonly imageId: string;
  readonly traceparent: string | null;
}

/** What the preprocessor said of images, in order. */
export function announcements(catalogue: Catalogue): Promise<Announced[]> {
  return catalogue.prisma.$queryRaw<Announced[]>`
    SELECT subject, about AS "imageId", envelope ->> 'traceparent' AS traceparent FROM event
    WHERE subject IN ('xv.image.prepared.v1', 'xv.image.rejected.v1') ORDER BY sequence`;
}
