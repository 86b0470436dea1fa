import { acquireWeights, openVgg16, type Vgg16 } from '@xvision/backbone';
import type { BackboneWeights } from '@xvision/catalogue';
import type { Logger } from '@xvision/service-kit';
import { type Config, copiesOf } from './config.js';

export interface Backbone extends AsyncDisposable {
  readonly vgg16: Vgg16;
  /** What the catalogue notes of its weights. */
  readonly weights: BackboneWeights;
}

/** Finds the weights, loads the network and checks it on the golden image; the weights themselves are let go. */
export async function openBackbone(config: Config, log: Logger): Promise<Backbone> {
  const weights = await acquireWeights({
    file: config.XVISION_WEIGHTS,
    cacheDir: config.XVISION_CACHE,
    allowUntrained: config.XVISION_ALLOW_UNTRAINED,
    offline: config.XVISION_OFFLINE,
    log: (line) => log.info(line),
  });
  const vgg16 = await openVgg16({
    weights,
    engine: config.ENGINE,
    threads: config.ENGINE_THREADS,
    copies: copiesOf(config),
    cacheDir: config.XVISION_CACHE,
    nativeModules: config.XVISION_NATIVE_MODULES,
  });
  const { identity, trained, origin } = weights;
  log.info({ ...vgg16.describe(), weights: identity, trained, origin }, 'the backbone is loaded and checked');
  if (!trained) log.warn('UNTRAINED backbone: every feature and all that is made of them means nothing');
  return {
    vgg16,
    weights: { weights: identity, backbone: 'vgg16', trained, origin },
    [Symbol.asyncDispose]: () => vgg16[Symbol.asyncDispose](),
  };
}
