import { identityOf, layersOf, type Vgg16Weights } from './weights.js';

/** From the top: the block next to the head goes first. */
const BLOCKS_FROM_TOP = [5, 4, 3, 2, 1] as const;

/**
 * The weights with their upper blocks shuffled: every kernel's and every bias' values stay the same but lose their places,
 * so that each layer keeps its scale and knows nothing (Adebayo 2018, arXiv 1810.03292: cascading randomisation).
 * `blocks`: how many from the top, 1 to 5.
 */
export function randomisedFromTop(weights: Vgg16Weights, blocks: number, random: () => number): Vgg16Weights {
  const chosen = BLOCKS_FROM_TOP.slice(0, blocks);
  if (chosen.length !== blocks || blocks < 1)
    throw new RangeError(`VGG16 has 5 blocks; ${blocks} cannot be randomised`);
  const values = weights.values.slice();
  for (const { layer, kernel, bias } of layersOf(values)) {
    if (!chosen.some((block) => block === layer.block)) continue;
    shuffle(kernel, random);
    shuffle(bias, random);
  }
  return {
    values,
    identity: identityOf(values),
    trained: false,
    origin: `${weights.origin}, with the last ${blocks} of 5 blocks randomised`,
  };
}

/** Fisher and Yates, in place. */
function shuffle(values: Float32Array, random: () => number): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const place = Math.floor(random() * (last + 1));
    const moved = values[last] ?? 0;
    values[last] = values[place] ?? 0;
    values[place] = moved;
  }
}
