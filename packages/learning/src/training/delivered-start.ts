import { HIDDEN } from '../heads/dual-state.js';
import { imageOrder } from './image-order.js';
import { initialFirstWeights, initialLayers } from './initial-layers.js';

/**
 * Everything seeded that a network of the delivered model begins with, so that another implementation can be set beside
 * ours: its layers before the first step (row-major, [inputs, outputs]) and, for `order: 'fixed'`, its order of images.
 */
export function deliveredStart(
  { seed, member = 0 }: { readonly seed: number; readonly member?: number },
  { images, inputs, classes }: { readonly images: number; readonly inputs: number; readonly classes: number },
): { firstWeights: Float32Array; secondWeights: Float32Array; outputWeights: Float32Array; order: Int32Array } {
  const key = { seed, repeat: 0, member };
  return {
    firstWeights: initialFirstWeights(inputs, key),
    ...initialLayers(key, { hidden: HIDDEN, classes }),
    order: imageOrder({ key, fold: -1, count: images, order: 'fixed' }, 1),
  };
}
