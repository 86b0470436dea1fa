import { acquireWeights } from '@xvision/backbone';
import { cacheFolder } from '@xvision/local-stack';
import type { Context } from './context.js';
import { CommandError } from './failure.js';

/**
 * Makes sure that the extractor will find its weights, before a stack is started for nothing.
 * Throws {@link CommandError} that says how to get them, unless an untrained backbone was asked for.
 */
export async function ensureWeights({ environment, output }: Context, allowUntrained: boolean): Promise<void> {
  const file = environment['XVISION_WEIGHTS'];
  try {
    const weights = await acquireWeights({
      ...(file === undefined ? {} : { file }),
      cacheDir: cacheFolder(environment),
      allowUntrained,
      log: (line) => output.note(line),
    });
    if (!weights.trained)
      output.note(
        'UNTRAINED: no pretrained weights were found; the backbone is He-initialised and every report says so',
      );
  } catch (error) {
    throw new CommandError(
      'there are no VGG16 weights. Name the Keras file in XVISION_WEIGHTS, or add --untrained-backbone to go on without',
      { cause: error },
    );
  }
}
