import type { Estimate } from '@xvision/contracts';
import { bounds, decimal } from '../words.js';

/** `0.750 [0.640, 0.830]`; where there is little room the brackets stand below the value, and nothing is torn. */
export function Interval({ of }: { of: Estimate }) {
  const { value, low, high } = of;
  if (value === null || low === null || high === null) return decimal(value);
  return (
    <span className="interval">
      {decimal(value)} <span className="whole">{bounds(of)}</span>
    </span>
  );
}
