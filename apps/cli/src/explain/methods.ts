import type { BackwardRule } from '@xvision/backbone';
import type { CamMethod } from '@xvision/explanation';

/** Maps of pool5's 7 x 7 cells: they need the stored features and the head alone. */
const CELL_METHODS = ['grad-cam', 'hires-cam'] as const satisfies readonly CamMethod[];

/** Maps of the 224 x 224 pixels: they go back through the backbone, whose weights they need. */
const PIXEL_METHODS = ['gradient', 'guided-backprop', 'deconvnet'] as const satisfies readonly BackwardRule[];

export const METHODS = [...CELL_METHODS, ...PIXEL_METHODS] as const;
export type Method = (typeof METHODS)[number];

export function isPixelMethod(method: Method): method is BackwardRule {
  return PIXEL_METHODS.some((one) => one === method);
}
