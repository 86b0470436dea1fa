import { acquireWeights, untrainedWeights, type Vgg16Weights, WeightsError } from '@xvision/backbone';
import type { Config } from './config.js';
import { UnfitStudyError } from './studies/study.js';

/** Finds the backbone's weights when a study asks for them; they are 59 MB and are let go after it. */
export function weightsFinder(
  config: Pick<Config, 'XVISION_CACHE' | 'XVISION_WEIGHTS' | 'XVISION_OFFLINE'>,
): (trained: boolean) => Promise<Vgg16Weights> {
  const { XVISION_CACHE: cacheDir, XVISION_WEIGHTS: file, XVISION_OFFLINE: offline } = config;
  return async (trained) => {
    if (!trained) return untrainedWeights();
    if (cacheDir === undefined && file === undefined) {
      throw new UnfitStudyError(
        'this study needs the weights of the backbone: set XVISION_CACHE or XVISION_WEIGHTS for the evaluator',
      );
    }
    try {
      return await acquireWeights({ file, cacheDir: cacheDir ?? '', offline });
    } catch (error) {
      if (error instanceof WeightsError) throw new UnfitStudyError(error.message, { cause: error });
      throw error;
    }
  };
}
