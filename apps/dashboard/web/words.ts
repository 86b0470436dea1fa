import type { Estimate } from '@xvision/contracts';

const whole = new Intl.NumberFormat('en');

/** `1 image`, `2 images`. */
export const counted = (count: number | string, noun: string): string =>
  `${count} ${String(count) === '1' ? noun : `${noun}s`}`;

export const count = (value: number): string => whole.format(value);

/** `.750`; an em dash where the data do not define it. */
export function decimal(value: number | null, digits = 3): string {
  return value === null ? '—' : value.toFixed(digits);
}

/** `.750 [.640, .830]`. */
export function interval({ value, low, high }: Estimate): string {
  if (value === null) return '—';
  return low === null || high === null ? decimal(value) : `${decimal(value)} [${decimal(low)}, ${decimal(high)}]`;
}

/** `[0.640, 0.830]`. */
export function bounds({ low, high }: Estimate): string {
  return low === null || high === null ? 'not defined' : `[${decimal(low)}, ${decimal(high)}]`;
}

/** The first digits of a hash tell people apart what the whole proves. */
export const shortHash = (sha256: string): string => sha256.slice(0, 12);

/** The last digits of an id tell it apart; the first are the time at which it was made, and many were made together. */
export const shortId = (id: string): string => id.slice(-8);

export function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** `12 s`, `5 min`, `3 h`. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** To the millisecond, as events are told apart. */
export function exactMoment(iso: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
  return `${new Date(iso).toLocaleString('en-GB', options)}.${iso.slice(20, 23)}`;
}

/** `250 ms`, `12.5 s`, `5 min`, `3 h`. */
export function span(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 90_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 5_400_000) return `${Math.round(milliseconds / 60_000)} min`;
  return `${Math.round(milliseconds / 3_600_000)} h`;
}

/** `12 B`, `1.5 MB`, in powers of ten. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

/** How many of a long list are told in one cell. */
const TOLD = 6;

/** `a, b, c`; of many the first few, and how many more there are. */
export function few(names: readonly string[]): string {
  if (names.length <= TOLD + 1) return names.join(', ');
  return `${names.slice(0, TOLD).join(', ')} and ${count(names.length - TOLD)} more`;
}
