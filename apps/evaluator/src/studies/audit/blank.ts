import { PREPARED_SIDE } from '@xvision/imaging';

/** Share of each side that the centre takes: about the lungs and the heart of a frontal chest radiograph. */
export const CENTRE_SHARE = 0.7;

/** `centre`: the central square; `borders`: everything else. */
export type Region = 'centre' | 'borders';

/**
 * A copy of a network input (224 x 224 x 3) whose region is filled with the picture's own mean, so that neither black nor
 * white is added to it.
 */
export function blanked(rgb: Uint8Array, region: Region): Uint8Array {
  const mean = Math.round(rgb.reduce((sum, value) => sum + value, 0) / rgb.length);
  const margin = Math.round((PREPARED_SIDE * (1 - CENTRE_SHARE)) / 2);
  const inside = (at: number): boolean => at >= margin && at < PREPARED_SIDE - margin;
  const copy = Uint8Array.from(rgb);
  for (let y = 0; y < PREPARED_SIDE; y += 1) {
    for (let x = 0; x < PREPARED_SIDE; x += 1) {
      if ((inside(x) && inside(y)) !== (region === 'centre')) continue;
      copy.fill(mean, (y * PREPARED_SIDE + x) * 3, (y * PREPARED_SIDE + x + 1) * 3);
    }
  }
  return copy;
}
