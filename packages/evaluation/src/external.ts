import type { Estimate } from '@xvision/contracts';
import { proportion } from './clustered-proportion.js';
import { inWords } from './wording.js';

/** Sensitivity and specificity at a threshold that was chosen on other images. */
export function pointAt(
  threshold: number,
  images: readonly { readonly positive: boolean; readonly patient: string; readonly score: number }[],
): { sensitivity: Estimate; specificity: Estimate } {
  const share = (positive: boolean) =>
    proportion(
      images
        .filter((image) => image.positive === positive)
        .map(({ score, patient }) => ({ success: score >= threshold === positive, patient })),
    );
  return { sensitivity: share(true), specificity: share(false) };
}

/** Whether a model holds elsewhere what it showed at home, as far as the two intervals can tell. */
export function externalSentence({ internal, external }: { internal: Estimate; external: Estimate }): string {
  const both = `AUC ${inWords(external)} elsewhere, ${inWords(internal)} at home`;
  if (external.value === null)
    return `${both}: without images of every class nothing is said about telling them apart.`;
  if (external.low === null || external.high === null) return `${both}: too few patients to say more.`;
  if (external.low <= 0.5 && external.high >= 0.5) return `${both}: elsewhere it cannot be told from chance.`;
  if (external.high < 0.5)
    return `${both}: elsewhere it is WORSE than chance; its classes may mean other things there.`;
  if (internal.low !== null && external.high < internal.low) return `${both}: it does not hold what it showed at home.`;
  if (internal.high !== null && external.low > internal.high) return `${both}: it does better than at home.`;
  return `${both}: these data do not show a difference.`;
}
