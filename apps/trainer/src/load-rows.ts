import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import type { FrozenDataset } from '@xvision/catalogue';
import { POOL5_LENGTH } from '@xvision/contracts';
import { type SharedRows, setRow, sharedRows, UnfitDatasetError } from '@xvision/learning';

/** Files read at once. */
const READERS = 8;

/** The feature rows of a dataset, in its order. Throws {@link UnfitDatasetError} for a row that is gone or damaged. */
export async function loadRows(blobs: Pick<BlobStore, 'get'>, { members }: FrozenDataset): Promise<SharedRows> {
  const rows = sharedRows(members.length, POOL5_LENGTH);
  const places = members.keys();
  const read = async (): Promise<void> => {
    for (const place of places) {
      const { imageId = '', featureSha256 = '' } = members[place] ?? {};
      setValues(rows, place, { imageId, bytes: await bytesOf(blobs, { imageId, featureSha256 }) });
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return rows;
}

async function bytesOf(
  blobs: Pick<BlobStore, 'get'>,
  { imageId, featureSha256 }: { imageId: string; featureSha256: string },
): Promise<Uint8Array> {
  try {
    return await blobs.get(featureSha256);
  } catch (error) {
    if (!(error instanceof BlobMissingError || error instanceof BlobCorruptError)) throw error;
    const message = `the features of image ${imageId} cannot be read (${error.message}): extract its features again`;
    throw new UnfitDatasetError(message, { cause: error });
  }
}

/** Features are stored as little-endian float32. */
function setValues(rows: SharedRows, place: number, { imageId, bytes }: { imageId: string; bytes: Uint8Array }): void {
  try {
    const values = new Float32Array(bytes.slice().buffer);
    setRow(rows, place, { values, name: `image ${imageId}` });
  } catch (error) {
    if (error instanceof RangeError) throw new UnfitDatasetError(error.message, { cause: error });
    throw error;
  }
}
