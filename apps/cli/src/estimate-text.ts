import type { Estimate } from '@xvision/contracts';

/** `0.716 [0.640, 0.782]`; `-` where the data do not define it. A difference carries its sign. */
export function estimateText({ value, low, high }: Estimate, sign: 'signed' | 'plain' = 'plain'): string {
  const show = (x: number) => `${sign === 'signed' && x > 0 ? '+' : ''}${x.toFixed(3)}`;
  if (value === null) return '-';
  return low === null || high === null ? show(value) : `${show(value)} [${show(low)}, ${show(high)}]`;
}
