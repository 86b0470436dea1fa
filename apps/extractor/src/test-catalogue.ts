import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@xvision/blob-store';
import { type Catalogue, insertCollection, openCatalogue, recordCollected } from '@xvision/catalogue';
import { type Envelope, type ImagePrepared, PREPROCESSING_VERSION } from '@xvision/contracts';
import { encodeGrey, PREPARED_SIDE } from '@xvision/imaging';
import { anImagePrepared, sha256Of } from '@xvision/testing';

const origin = { source: 'xvision/test' };

/** A 224 x 224 grey PNG; each `n` gives another one. */
async function aPreparedPng(n: number): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: PREPARED_SIDE * PREPARED_SIDE }, (_, index) => (index * (n + 1)) % 251);
  return encodeGrey(pixels, { width: PREPARED_SIDE, height: PREPARED_SIDE });
}

/** As many images of one collection in the catalogue, each with its prepared PNG in the store and its event. */
export async function somePreparedImages(
  catalogue: Catalogue,
  blobs: Pick<BlobStore, 'put'>,
  count: number,
): Promise<Envelope<ImagePrepared>[]> {
  const images = await catalogue.transaction(async (tx) => {
    const request = { source: 'openi', name: randomUUID(), purpose: 'dataset' } as const;
    const { id } = await insertCollection(tx, request, origin);
    const batch = Array.from({ length: count }, (_, n) => ({
      externalId: `image-${n}`,
      originalSha256: sha256Of(`original ${n}`),
      mediaType: 'image/png' as const,
      byteLength: 1,
      patient: `patient-${n}`,
    }));
    return recordCollected(tx, { collectionId: id, images: batch }, origin);
  });
  return Promise.all(
    images.map(async ({ id }, n) =>
      anImagePrepared({
        imageId: id,
        preparedSha256: await blobs.put(await aPreparedPng(n)),
        preprocessing: PREPROCESSING_VERSION,
      }),
    ),
  );
}

export interface Features {
  readonly prepared_sha256: string;
  readonly feature_sha256: string;
  readonly engine: string;
}

export function featureRows(catalogue: Catalogue): Promise<Features[]> {
  return catalogue.prisma.$queryRaw<Features[]>`
    SELECT prepared_sha256, feature_sha256, engine FROM feature ORDER BY prepared_sha256`;
}

/** The images that were announced by `features.extracted`, in order. */
export async function announcedImages(catalogue: Catalogue): Promise<string[]> {
  const rows = await catalogue.prisma.$queryRaw<{ about: string }[]>`
    SELECT about FROM event WHERE subject = 'xv.features.extracted.v1' ORDER BY sequence`;
  return rows.map(({ about }) => about);
}

export function openTestCatalogue(url: string): Catalogue {
  return openCatalogue({ url, applicationName: 'test', connections: 3 });
}
