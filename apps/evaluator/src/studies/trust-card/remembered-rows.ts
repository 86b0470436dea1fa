import { createHash } from 'node:crypto';
import type { Vgg16Floats } from '@xvision/backbone';

/** Rows of 100 kB: eight images under every patch of occlusion take 140 MB. */
const MOST_ROWS = 1_500;

/**
 * The same forward pass, which knows the pool5 rows of images that it has seen: the networks of an ensemble and a random head
 * stand on one backbone and look at the same patched images and the same points of a path. Keeps the first `most` rows and
 * computes others anew. Whoever opened the pass closes it.
 */
export function rememberedRows(forward: Vgg16Floats, most = MOST_ROWS): Vgg16Floats {
  const rows = new Map<string, Float32Array>();
  return {
    pool5: async (rgb) => {
      const name = createHash('sha256')
        .update(new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.byteLength))
        .digest('hex');
      const known = rows.get(name);
      if (known !== undefined) return known;
      const row = await forward.pool5(rgb);
      if (rows.size < most) rows.set(name, row);
      return row;
    },
    [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
  };
}
