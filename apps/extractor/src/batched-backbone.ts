import { EngineLostError, INPUT_LENGTH, type Vgg16 } from '@xvision/backbone';
import { POOL5_LENGTH } from '@xvision/contracts';
import { MicroBatcher } from './micro-batcher.js';

/** pool5 of one image (150,528 RGB bytes) as 25,088 float32 in a buffer of their own. */
export type Pool5 = (rgb: Uint8Array) => Promise<Float32Array>;

export interface BatchedOptions {
  readonly maxBatch: number;
  /** Batches that the engine is given at once; 2 unless told. */
  readonly inFlight?: number;
  readonly onBatch?: (size: number) => void;
  /** Told when the engine is gone for good: every further image would fail, so the process should end. */
  readonly onLost?: (error: EngineLostError) => void;
}

/** One image at a time for the callers, batches for the engine. */
export function batched(vgg16: Pick<Vgg16, 'pool5'>, { maxBatch, inFlight, onBatch, onLost }: BatchedOptions): Pool5 {
  const batcher = new MicroBatcher<Uint8Array, Float32Array>({
    maxBatch,
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(onBatch === undefined ? {} : { onBatch }),
    async compute(images) {
      const rows = await vgg16.pool5(joined(images), images.length).catch((error: unknown) => {
        if (error instanceof EngineLostError) onLost?.(error);
        throw error;
      });
      if (images.length === 1) return [rows];
      return images.map((_, index) => rows.slice(index * POOL5_LENGTH, (index + 1) * POOL5_LENGTH));
    },
  });
  return (rgb) => batcher.compute(rgb);
}

function joined(images: readonly Uint8Array[]): Uint8Array {
  const [only] = images;
  if (only !== undefined && images.length === 1) return only;
  const rgb = new Uint8Array(images.length * INPUT_LENGTH);
  for (const [index, image] of images.entries()) rgb.set(image, index * INPUT_LENGTH);
  return rgb;
}
