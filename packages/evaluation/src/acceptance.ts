import type { Estimate } from '@xvision/contracts';
import { differenceInWords } from './wording.js';

/** An approximation may cost no more AUC than this, with 95 % confidence. */
const MARGIN = 0.02;

/** Equivalence of an approximation: accepted when the whole interval of its paired difference lies within the margin. */
export function acceptance({ value, low, high }: Estimate): { accepted: boolean; margin: number; sentence: string } {
  const accepted = low !== null && high !== null && low >= -MARGIN && high <= MARGIN;
  const difference = `The AUC changes by ${differenceInWords({ value, low, high })}`;
  const allowed = `±${MARGIN.toFixed(2)}`;
  if (accepted) return { accepted, margin: MARGIN, sentence: `${difference}, all of it within ${allowed}: accepted.` };
  const why =
    low === null || high === null
      ? 'without an interval nothing is shown'
      : low > MARGIN || high < -MARGIN
        ? `which is more than ${allowed}`
        : `and these images cannot show that it stays within ${allowed}`;
  return { accepted, margin: MARGIN, sentence: `${difference}, ${why}: NOT accepted.` };
}
