import { z } from 'zod';

/** Maps of what moved a model. The first two have 7 x 7 cells, occlusion 14 x 14, the others a value for each pixel. */
export const explanationMethodSchema = z.enum([
  'grad-cam',
  'hires-cam',
  'gradient',
  'guided-backprop',
  'deconvnet',
  'integrated-gradients',
  'occlusion',
]);
export type ExplanationMethod = z.infer<typeof explanationMethodSchema>;
