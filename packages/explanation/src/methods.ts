import type { BackwardRule } from '@xvision/backbone';
import { type ExplanationMethod, explanationMethodSchema } from '@xvision/contracts';
import type { CamMethod } from './open-cam.js';

export const METHODS = explanationMethodSchema.options;

const CELL_METHODS = ['grad-cam', 'hires-cam'] as const satisfies readonly CamMethod[];
const RULES = ['gradient', 'guided-backprop', 'deconvnet'] as const satisfies readonly BackwardRule[];

/** Maps of pool5's 7 x 7 cells: they need the stored features and the head alone. The others need the backbone's weights. */
export function isCellMethod(method: ExplanationMethod): method is CamMethod {
  return CELL_METHODS.some((one) => one === method);
}

/** One pass back through the backbone under a rule for its ReLUs. */
export function isBackwardRule(method: ExplanationMethod): method is BackwardRule {
  return RULES.some((one) => one === method);
}

/** What a map can locate and what its values are, for people. */
export function resolutionOf(method: ExplanationMethod): string {
  if (isCellMethod(method))
    return '7 x 7 cells: each is 32 x 32 pixels of the network input, so that nothing smaller can be located';
  if (method === 'occlusion')
    return (
      '14 x 14 cells of 16 x 16 pixels: the mean fall of the score when a 32 x 32 patch over the cell is filled with the ' +
      "image's mean grey; the patch moves by 16 pixels"
    );
  if (method === 'integrated-gradients')
    return "224 x 224: one signed value a pixel, summed over its three colours; all together they are the score's rise from a flat image of the same mean grey";
  return '224 x 224: one value a pixel of the network input, the largest absolute one of its three colours';
}
