import type { View } from '@xvision/contracts';

/** Image name of the collection: `CXR10_IM-0002-1001`; some exams have one number more, `CXR1_IM-0002-0001-0002`. */
const SERIES = /_IM-\d+-(?:(\d+)-)?(\d+)$/;

/** Series numbers that say more than the place does; all others do not. */
const KNOWN_SERIES: Readonly<Record<string, View>> = {
  '1001': 'frontal',
  '4004': 'frontal',
  '12012': 'frontal',
  '2001': 'lateral',
  '3003': 'lateral',
  // Repeats, of either view.
  '1003': 'unknown',
  '3001': 'unknown',
  '4001': 'unknown',
};

export interface ViewClues {
  /** `F1`, `F2`, …: the place of the image in its examination. */
  readonly place?: string | undefined;
  /** Name of the image without its extension. */
  readonly name: string;
}

/**
 * Guesses the view from the only clues that Open-i gives: frontal comes first, lateral second. Names with two numbers come in any
 * order and third images repeat either, so both stay unknown. Captions describe the examination, not the image, and say nothing.
 * How often this is right: docs/decisions/0072-views-of-open-i.md.
 */
export function guessView({ place, name }: ViewClues): View {
  const [, double, last] = SERIES.exec(name) ?? [];
  if (double !== undefined) return 'unknown';
  const known = KNOWN_SERIES[last ?? ''];
  if (known !== undefined) return known;
  if (place === 'F1') return 'frontal';
  return place === 'F2' ? 'lateral' : 'unknown';
}
