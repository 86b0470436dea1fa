import { imageDetailSchema, POOL5_LENGTH } from '@xvision/contracts';
import type { LoadedHead } from '@xvision/learning';
import type { ApiClient } from '../api-client.js';
import { CommandError } from '../failure.js';

/** An image as the pipeline stored it. */
interface StoredImage {
  /** pool5, 25,088 values. */
  readonly row: Float32Array;
  /** The 224 x 224 PNG that the row is of. */
  readonly prepared: Uint8Array;
  readonly original: Uint8Array;
}

/**
 * What the pipeline made of an image, as the model needs it. Throws {@link CommandError} when its features are of
 * another backbone or another preparation than the model's.
 */
export async function storedImage(api: ApiClient, id: string, card: LoadedHead['card']): Promise<StoredImage> {
  const { file, features, prepared } = await api.get(`/api/images/${id}`, imageDetailSchema);
  if (prepared === null || features.length === 0)
    throw new CommandError(`${file} has no features: "xvision dead-letters" says what went wrong`);
  if (prepared.preprocessing !== card.preprocessing) {
    throw new CommandError(
      `${file} was prepared as ${prepared.preprocessing}, but the model was trained on ${card.preprocessing}`,
    );
  }
  const { backbone, weights, numerics } = card;
  const feature = features.find(
    (one) => one.backbone === backbone && one.weights === weights && one.numerics === numerics,
  );
  if (feature === undefined) {
    const present = features.map((one) => `${one.weights} (${one.numerics})`).join(', ');
    throw new CommandError(
      `the model was trained on another backbone: it needs features of the weights ${weights} (${numerics}), but ` +
        `${file} has those of ${present}. Start the extractor with the model's weights and ask again`,
    );
  }
  const bytes = await api.bytes(`/api/images/${id}/features?sha256=${feature.sha256}`);
  if (bytes.byteLength !== POOL5_LENGTH * 4)
    throw new CommandError(`the features of ${file} are ${bytes.byteLength} bytes long, not ${POOL5_LENGTH * 4}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    row: Float32Array.from({ length: POOL5_LENGTH }, (_, index) => view.getFloat32(index * 4, true)),
    prepared: await api.bytes(`/api/images/${id}/prepared?sha256=${prepared.sha256}`),
    original: await api.bytes(`/api/images/${id}/original`),
  };
}
