import type { Estimate } from '@xvision/contracts';

/** Three decimals, and never a rounded "1.000" or "0.000" for what is not exactly that. */
export function decimal(value: number): string {
  const rounded = value.toFixed(3);
  if (rounded === '1.000' && value < 1) return '0.999';
  if (rounded === '0.000' && value > 0) return '0.001';
  return rounded === '-0.000' ? '0.000' : rounded;
}

/** `0.716 (95 % CI 0.640 to 0.782)`, or in words that the data do not define it. */
export function inWords({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined by these data';
  if (low === null || high === null) return `${decimal(value)} (no interval: too few patients)`;
  return `${decimal(value)} (95 % CI ${decimal(low)} to ${decimal(high)})`;
}

/** A difference, with its sign: `+0.044 (95 % CI -0.030 to +0.118)`. */
export function differenceInWords({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined by these data';
  if (low === null || high === null) return `${signed(value)} (no interval: too few patients)`;
  return `${signed(value)} (95 % CI ${signed(low)} to ${signed(high)})`;
}

/** `1 patient`, `2 patients`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function signed(value: number): string {
  const rounded = value.toFixed(3);
  if (Number(rounded) === 0) return '0.000';
  return value > 0 ? `+${rounded}` : rounded;
}
