/**
 * Viridis (van der Walt and Smith, Matplotlib 1.5, CC0) at every eighth of its range: equal steps of a value are equal
 * steps for the eye, lightness grows all the way, and it reads the same without red or green.
 */
const VIRIDIS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

export type Colour = readonly [red: number, green: number, blue: number];

/** The colour of a value between 0 and 1; what lies outside is drawn at the end that it passed. */
export function colourOf(value: number): Colour {
  const place = Math.min(1, Math.max(0, value)) * (VIRIDIS.length - 1);
  const before = Math.floor(place);
  const from = VIRIDIS[before] ?? VIRIDIS[0];
  const to = VIRIDIS[before + 1] ?? from;
  const between = (channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * (place - before);
  return [between(0), between(1), between(2)];
}
