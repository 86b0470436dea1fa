import type { Estimate } from '@xvision/contracts';
import { differenceInWords, inWords } from './wording.js';

/** Whether the model's AUC can be told from that of the no-network baseline, on the same images. */
export function baselineVerdict(baseline: Estimate, gain: Estimate): string {
  const without = `15 grey statistics of the picture, without any network, reach AUC ${inWords(baseline)}`;
  if (gain.value === null) return `${without}; a gain over them cannot be computed.`;
  const difference = `the model's gain over them is ${differenceInWords(gain)}`;
  if (gain.low === null || gain.high === null) {
    return `${without}; ${difference}, and with so few patients it cannot be told from zero.`;
  }
  if (gain.low > 0) return `${without}; ${difference}: the model does better than they do.`;
  if (gain.high < 0) return `${without}; ${difference}: the model does WORSE than they do.`;
  return `${without}; ${difference}: these data cannot tell it from zero.`;
}

/** True when the interval shows a gain above zero. */
export function isGainShown(gain: Estimate): boolean {
  return gain.low !== null && gain.low > 0;
}
