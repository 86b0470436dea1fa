import type { Split } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';

export function splitText(split: Split): string {
  if (split.kind === 'cross-validation') return text.folds(split.folds, split.repeats);
  return split.kind === 'holdout' ? text.holdout(split.testFraction) : text.seedSplit;
}
