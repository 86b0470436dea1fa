import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import type { FeatureRow } from '@xvision/catalogue';
import {
  type Envelope,
  type FeatureIdentity,
  type ImagePrepared,
  PoisonMessageError,
  TransientError,
} from '@xvision/contracts';
import { readPrepared, UnfitImageError } from '@xvision/imaging';
import type { Announce } from './announce-together.js';
import type { Pool5 } from './batched-backbone.js';

export interface Dependencies {
  /** The row of these features in the catalogue. */
  readonly find: (identity: FeatureIdentity) => Promise<FeatureRow | undefined>;
  readonly blobs: Pick<BlobStore, 'get' | 'put' | 'has'>;
  readonly pool5: Pool5;
  readonly announce: Announce;
  /** What the features' numbers depend on beside the image. */
  readonly backbone: Pick<FeatureIdentity, 'weights' | 'numerics'>;
  /** Engine, library and device, as events and rows carry it. */
  readonly engine: string;
}

export type Outcome = 'computed' | 'reused' | 'repeated';

/**
 * Puts the pool5 row of a prepared image into the store and announces it. Safe to repeat: a row that is in the catalogue
 * and in the store is not computed again, but an image that shares it is still announced, once.
 * Throws TransientError while the prepared image is not in the store, PoisonMessageError when it is damaged.
 */
export async function extractFeatures(deps: Dependencies, event: Envelope<ImagePrepared>): Promise<Outcome> {
  const { imageId, preparedSha256, preprocessing } = event.data;
  const identity: FeatureIdentity = { preparedSha256, preprocessing, backbone: 'vgg16', ...deps.backbone };

  const known = await deps.find(identity);
  const reused = known !== undefined && (await deps.blobs.has(known.featureSha256));
  const row = reused ? known : await computeRow(deps, event.data);

  const announced = await deps.announce(event, { imageId, identity, ...row });
  if (!announced) return 'repeated';
  return reused ? 'reused' : 'computed';
}

async function computeRow(
  { blobs, pool5, engine }: Dependencies,
  image: ImagePrepared,
): Promise<{ featureSha256: string; engine: string }> {
  const row = await pool5(await readInput(blobs, image));
  if (!allFinite(row)) {
    throw new TransientError(`${engine} gave values that are not finite for image ${image.imageId}`);
  }
  return { featureSha256: await blobs.put(new Uint8Array(row.buffer, row.byteOffset, row.byteLength)), engine };
}

/** Finite float32 have a finite sum in float64, and any other value spoils it: a tenth of the time of asking each. */
function allFinite(row: Float32Array): boolean {
  let sum = 0;
  for (let index = 0; index < row.length; index += 1) sum += row[index] ?? 0;
  return Number.isFinite(sum);
}

async function readInput(blobs: Pick<BlobStore, 'get'>, image: ImagePrepared): Promise<Uint8Array> {
  const what = `prepared image ${image.preparedSha256} of image ${image.imageId}`;
  try {
    return await readPrepared(await blobs.get(image.preparedSha256));
  } catch (error) {
    if (error instanceof BlobMissingError) {
      throw new TransientError(`${what} is not in the store; prepare the image again if it stays so`, { cause: error });
    }
    if (error instanceof BlobCorruptError || error instanceof UnfitImageError) {
      throw new PoisonMessageError(`${what} is damaged; prepare the image again: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
