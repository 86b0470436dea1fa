import { findThumbnail, recordThumbnail } from '@xvision/catalogue';
import { THUMBNAIL_FORM, thumbnail, UnfitImageError } from '@xvision/imaging';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError, UnfitRequestError } from './failures.js';
import type { SentFile } from './send-file.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'blobs'>;

/** Small pictures of prepared images, each made once, when it is first asked for. */
export function createThumbnails(needs: Needs): {
  find(imageId: string, wanted: string | undefined): Promise<SentFile>;
} {
  const { catalogue, blobs } = needs;
  // A gallery asks for the same picture from several tabs at once: the second waits for the first.
  const inTheMaking = new Map<string, Promise<string>>();

  async function make(preparedSha256: string): Promise<string> {
    const bytes = await thumbnail(await blobs.get(preparedSha256)).catch((error: unknown) => {
      if (error instanceof UnfitImageError) throw new UnfitRequestError(error.message, { cause: error });
      throw error;
    });
    const sha256 = await blobs.put(bytes);
    await recordThumbnail(catalogue, { preparedSha256, form: THUMBNAIL_FORM, sha256 });
    return sha256;
  }

  function makeOnce(preparedSha256: string): Promise<string> {
    const begun = inTheMaking.get(preparedSha256);
    if (begun !== undefined) return begun;
    const making = make(preparedSha256).finally(() => inTheMaking.delete(preparedSha256));
    inTheMaking.set(preparedSha256, making);
    return making;
  }

  return {
    find: async (imageId, wanted) => {
      const found = await findThumbnail(catalogue, imageId, THUMBNAIL_FORM);
      if (found === undefined) throw new NotFoundError(`there is no image ${imageId}`);
      const { preparedSha256 } = found;
      if (preparedSha256 === null) throw new NotFoundError(`image ${imageId} is not prepared (yet): see its stage`);
      if (wanted !== undefined && wanted !== preparedSha256) {
        throw new NotFoundError(`image ${imageId} is now prepared as ${preparedSha256}`);
      }
      const known = found.sha256 !== null && (await blobs.has(found.sha256)) ? found.sha256 : undefined;
      const sha256 = known ?? (await makeOnce(preparedSha256));
      return { sha256, contentType: 'image/webp', name: `${imageId}.webp`, immutable: wanted !== undefined };
    },
  };
}
