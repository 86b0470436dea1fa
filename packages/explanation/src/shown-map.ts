const COLOURS = 3;

/**
 * One value a pixel from a gradient with regard to the input's colours [pixels, 3]: the largest absolute one
 * (Simonyan 2013, arXiv 1312.6034).
 */
export function saliencyOf(gradient: Float32Array): Float32Array {
  return Float32Array.from({ length: gradient.length / COLOURS }, (_, pixel) => {
    const start = pixel * COLOURS;
    return Math.max(...gradient.subarray(start, start + COLOURS).map(Math.abs));
  });
}

/** Of maps with more cells than this, a hundredth of the cells may be off the scale: a few pixels would darken all others. */
const FEW_CELLS = 100;
const SHOWN_QUANTILE = 0.99;

/**
 * A map as a picture shows it: 0 for what speaks against the target or does not matter, 1 for the top of the scale.
 * Every picture has its own scale, so that two pictures are not to be compared by colour.
 */
export function shownMap(map: Float32Array): Float32Array {
  const rising = map.map((value) => Math.max(0, value)).sort();
  const largest = rising.at(-1) ?? 0;
  const quantile = map.length > FEW_CELLS ? (rising[Math.floor(SHOWN_QUANTILE * (map.length - 1))] ?? 0) : 0;
  const top = quantile > 0 ? quantile : largest;
  return map.map((value) => (top > 0 ? Math.min(1, Math.max(0, value) / top) : 0));
}
