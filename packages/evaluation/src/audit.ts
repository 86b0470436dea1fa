import type { AuditCheck, Estimate } from '@xvision/contracts';
import { externalSentence } from './external.js';
import { differenceInWords, inWords } from './wording.js';

/** Student's t for 97.5 % by degrees of freedom (1 to 9). */
const T_975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262] as const;

/** The mean of a few repeated numbers with Student's interval; without one where there are fewer than 2 or more than 10. */
export function repeatedEstimate(values: readonly number[]): Estimate {
  const n = values.length;
  if (n === 0) return { value: null, low: null, high: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const t = T_975[n - 2];
  if (t === undefined) return { value: mean, low: null, high: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t * Math.sqrt(variance / n);
  return { value: mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}

type Judged = Pick<AuditCheck, 'finding' | 'sentence'>;

/**
 * Whether labels can be told without seeing the disease. `what` names the means: "15 grey statistics of the picture".
 * Suspect as soon as they tell labels at all: how much of the model's skill is the same, nobody can say from scores.
 */
export function judgeShortcut(
  what: string,
  { auc, gain }: { readonly auc: Estimate; readonly gain: Estimate },
): Judged {
  const reach = `${what} alone reach AUC ${inWords(auc)}; the model's gain over that is ${differenceInWords(gain)}`;
  if (auc.low === null || gain.low === null || gain.high === null) {
    return { finding: 'cannot tell', sentence: `${reach}: too little data to say what that means.` };
  }
  if (gain.high < 0) {
    return { finding: 'suspect', sentence: `${reach}: the network sees LESS than they do.` };
  }
  if (auc.low > 0.5) {
    const more =
      gain.low > 0 ? 'the model tells more than they do, but' : 'nothing shows that the model tells more, and';
    return { finding: 'suspect', sentence: `${reach}: ${more} they do tell the classes apart without the disease.` };
  }
  if (gain.low > 0) return { finding: 'sound', sentence: `${reach}: the model does not live on them.` };
  return { finding: 'cannot tell', sentence: `${reach}: these data cannot tell the two apart.` };
}

/** What a model that is trained and tested on blanked pictures tells: from the rest alone, or from the centre alone. */
export function judgeBlanked(
  region: 'centre' | 'borders',
  { auc, gain }: { readonly auc: Estimate; readonly gain: Estimate },
): Judged {
  const what = region === 'centre' ? 'With the centre blank' : 'With the borders blank';
  const reach = `${what} the same training reaches AUC ${inWords(auc)}; whole pictures gain ${differenceInWords(gain)} over that`;
  if (auc.low === null || gain.low === null || gain.high === null) {
    return { finding: 'cannot tell', sentence: `${reach}: too little data to say what that means.` };
  }
  if (region === 'centre') {
    if (auc.low > 0.5) return { finding: 'suspect', sentence: `${reach}: labels can be told without lungs and heart.` };
    if (gain.low > 0) return { finding: 'sound', sentence: `${reach}: what is told is told from the centre.` };
    return { finding: 'cannot tell', sentence: `${reach}: these data cannot tell the two apart.` };
  }
  if (gain.low > 0) return { finding: 'suspect', sentence: `${reach}: part of the skill comes from the borders.` };
  if (auc.low > 0.5) return { finding: 'sound', sentence: `${reach}: the centre is enough.` };
  return { finding: 'cannot tell', sentence: `${reach}: these data cannot tell the two apart.` };
}

/** Labels dealt out by chance must give an AUC of one half; more is a leak between training and test. */
export function judgePermuted(auc: Estimate): Judged {
  const reach = `Trained and tested on labels dealt out anew among patients the AUC is ${inWords(auc)}`;
  if (auc.low === null || auc.high === null) return { finding: 'cannot tell', sentence: `${reach}.` };
  if (auc.low > 0.5) {
    return { finding: 'suspect', sentence: `${reach}: it must be .5, so something LEAKS from training into the test.` };
  }
  if (auc.high < 0.5) {
    return {
      finding: 'cannot tell',
      sentence: `${reach}: below .5, as folds of few patients give it; nothing leaks, and nothing is shown.`,
    };
  }
  return { finding: 'sound', sentence: `${reach}: as it must be, about .5; nothing leaks.` };
}

/** Whether a model holds on images of another place; suspect where it is shown not to. */
export function judgeExternal(
  collection: string,
  { internal, external }: { readonly internal: Estimate; readonly external: Estimate },
): Judged {
  const sentence = `On ${collection}: ${externalSentence({ internal, external })}`;
  if (external.low === null || external.high === null) return { finding: 'cannot tell', sentence };
  const fell = internal.low !== null && external.high < internal.low;
  if (external.high < 0.5 || fell) return { finding: 'suspect', sentence };
  return { finding: external.low > 0.5 ? 'sound' : 'cannot tell', sentence };
}

/** All checks in one plain sentence or two. */
export function auditVerdict(checks: readonly Pick<AuditCheck, 'check' | 'finding'>[]): string {
  const named = (finding: AuditCheck['finding']) =>
    checks.filter((one) => one.finding === finding).map(({ check }) => check.replace('-', ' '));
  const [suspect, open] = [named('suspect'), named('cannot tell')];
  const rest = open.length === 0 ? '' : ` These data cannot decide: ${open.join(', ')}.`;
  if (suspect.length > 0) {
    return `NOT cleared: what this model sees may be how the pictures were taken, not disease (${suspect.join(', ')}).${rest}`;
  }
  if (open.length > 0) return `No shortcut was found, and none is ruled out.${rest}`;
  return 'No shortcut was found by any of the checks. That is no proof that there is none.';
}
