import type { GreyValues, GreyWindow } from '@xvision/contracts';
import { text } from '../../texts/image.js';

const { preset } = text.viewer;

/** How a picture is shown: a window over its values, and where it lies. */
export interface Shown {
  readonly window: GreyWindow;
  readonly inverted: boolean;
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const firstShown = ({ first }: GreyValues): Shown => ({ window: first, inverted: false, zoom: 1, x: 0, y: 0 });

export const ZOOM_STEP = 1.25;
const MOST_ZOOM = 16;

export function zoomed(now: Shown, by: number): Shown {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, now.zoom * by));
  return zoom === 1 ? { ...now, zoom, x: 0, y: 0 } : { ...now, zoom };
}

export interface Preset {
  readonly title: string;
  readonly window: GreyWindow;
}

/** What a hand sets stands within this. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** Of a window. */
  readonly least: number;
}

/** All that the file can hold and all that it has, in modality values. */
export function boundsOf({ full, windows }: GreyValues): Bounds {
  const edges = [full, ...windows].flatMap(({ centre, width }) => [centre - width / 2, centre + width / 2]);
  return { low: Math.floor(Math.min(...edges)), high: Math.ceil(Math.max(...edges)), least: 1 };
}

/** Windows to begin from: the file's own, everything, what there is, and dark or bright tissue. */
export function presetsOf(about: GreyValues): Preset[] {
  const { windows, full, slope, intercept, least, most, inverted } = about;
  const values = [least, most].map((value) => value * slope + intercept).sort((one, other) => one - other);
  const [low = 0, high = 0] = values;
  const part = (from: number, to: number): GreyWindow => {
    const width = Math.max(1, (high - low) * (to - from));
    return { centre: low + (high - low) * from + width / 2, width, shape: 'LINEAR_EXACT' };
  };
  const [dark, bright] = inverted ? ([0.45, 1] as const) : ([0, 0.55] as const);
  return [
    ...windows.map((window, place) => ({ title: preset.file(windows.length > 1 ? place + 1 : null), window })),
    { title: preset.full, window: full },
    { title: preset.used, window: part(0, 1) },
    { title: preset.lung, window: part(dark, bright) },
    { title: preset.bone, window: inverted ? part(0, 0.55) : part(0.45, 1) },
  ];
}

/** The window after a hand moved it, never beyond what the picture can hold; across is its width, down its centre. */
export function dragged(
  window: GreyWindow,
  by: { readonly x: number; readonly y: number },
  bounds: Bounds,
): GreyWindow {
  // As far as half a thousand pixels go over all there is, whatever the depth.
  const step = (bounds.high - bounds.low) / 512;
  return within({ ...window, width: window.width + by.x * step, centre: window.centre + by.y * step }, bounds);
}

export function within({ centre, width, shape }: GreyWindow, { low, high, least }: Bounds): GreyWindow {
  return { centre: clamp(centre, low, high), width: clamp(width, least, Math.max(least, high - low)), shape };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Maps a modality value to 0 … 255, as the network input was made (docs/decisions/0031; PS3.3 C.11.2.1). */
function curveOf({ centre, width, shape }: GreyWindow): (value: number) => number {
  if (shape === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - centre)) / width));
  if (shape === 'LINEAR_EXACT') return (value) => ((value - centre) / width + 0.5) * 255;
  const span = Math.max(width - 1, Number.EPSILON);
  return (value) => ((value - (centre - 0.5)) / span + 0.5) * 255;
}

/** What becomes of every value that a sample can have, by its bits read without a sign. */
export function tableOf(
  about: GreyValues,
  { window, inverted }: Pick<Shown, 'window' | 'inverted'>,
): Uint8ClampedArray {
  const { bits, signed, slope, intercept } = about;
  const table = new Uint8ClampedArray(2 ** bits);
  const curve = curveOf(window);
  for (let word = 0; word < table.length; word++) {
    const stored = signed ? (word << (32 - bits)) >> (32 - bits) : word;
    table[word] = curve(stored * slope + intercept);
  }
  return about.inverted === inverted ? table : table.map((value) => 255 - value);
}
