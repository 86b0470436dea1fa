import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  findImage,
  findPreparedContent,
  type Origin,
  type PreparedContent,
  recordPrepared,
  recordRejected,
} from '@xvision/catalogue';
import {
  AS_PREPARED_VERSION,
  type Envelope,
  type ImageCollected,
  PoisonMessageError,
  PREPROCESSING_VERSION,
  TransientError,
} from '@xvision/contracts';
import { type DecoderPool, UnfitImageError } from '@xvision/imaging';

/** Durable consumer and inbox name. */
export const CONSUMER = 'preprocessor';

export interface Dependencies {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'effectOnce'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put' | 'has'>;
  readonly decoder: Pick<DecoderPool, 'prepare'>;
  readonly maxPixels: number;
}

/** `repeated`: this event had its effect before. */
export type Outcome = 'prepared' | 'reused' | 'rejected' | 'repeated';

type Verdict =
  | { readonly outcome: 'prepared' | 'reused'; readonly content: PreparedContent }
  | { readonly outcome: 'rejected'; readonly unfit: UnfitImageError };

/**
 * Makes the network input of a collected image, or says why it has none; either way the image gets exactly one event.
 * Safe to repeat: equal bytes prepared before, for this image or another, are not decoded again.
 * Throws TransientError while the original is not in the store, PoisonMessageError when it is damaged there.
 */
export async function prepareCollected(deps: Dependencies, event: Envelope<ImageCollected>): Promise<Outcome> {
  const { imageId, originalSha256 } = event.data;
  if ((await findImage(deps.catalogue, imageId)) === undefined) {
    throw new PoisonMessageError(`image ${imageId} of event ${event.id} is not in the catalogue; collect it again`);
  }
  const verdict = await judge(deps, event.data);

  const origin: Origin = {
    source: 'xvision/preprocessor',
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
  };
  const announced = await deps.catalogue.effectOnce({ consumer: CONSUMER, eventId: event.id }, async (tx) => {
    if (verdict.outcome === 'rejected') {
      const { reason, message } = verdict.unfit;
      await recordRejected(tx, { imageId, originalSha256, reason, message }, origin);
    } else {
      await recordPrepared(tx, { imageId, originalSha256, ...verdict.content }, origin);
    }
  });
  return announced ? verdict.outcome : 'repeated';
}

async function judge(deps: Dependencies, image: ImageCollected): Promise<Verdict> {
  const { originalSha256, asPrepared } = image;
  const preprocessing = asPrepared ? AS_PREPARED_VERSION : PREPROCESSING_VERSION;
  const known = await findPreparedContent(deps.catalogue, { originalSha256, preprocessing });
  if (known !== undefined && (await deps.blobs.has(known.preparedSha256))) return { outcome: 'reused', content: known };

  const original = await readOriginal(deps.blobs, image);
  try {
    const { png, ...content } = await deps.decoder.prepare(original, { asPrepared, maxPixels: deps.maxPixels });
    const preparedSha256 = await deps.blobs.put(png);
    return { outcome: 'prepared', content: { ...content, preparedSha256, quality: { ...content.quality } } };
  } catch (error) {
    if (error instanceof UnfitImageError) return { outcome: 'rejected', unfit: error };
    throw error;
  }
}

async function readOriginal(blobs: Pick<BlobStore, 'get'>, image: ImageCollected): Promise<Uint8Array> {
  const what = `original ${image.originalSha256} of image ${image.imageId}`;
  try {
    return await blobs.get(image.originalSha256);
  } catch (error) {
    if (error instanceof BlobMissingError) {
      throw new TransientError(`${what} is not in the store yet; collect it again if it stays so`, { cause: error });
    }
    if (error instanceof BlobCorruptError) {
      throw new PoisonMessageError(`${what} is damaged in the store; restore it and re-drive: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}
