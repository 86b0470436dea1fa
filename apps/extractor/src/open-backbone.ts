import {
  acquireWeights,
  openVgg16,
  openVgg16Int8,
  type Vgg16,
  type Vgg16Weights,
  WeightsError,
} from '@xvision/backbone';
import type { BlobStore } from '@xvision/blob-store';
import type { BackboneWeights } from '@xvision/catalogue';
import { type Int8Calibration, int8CalibrationSchema } from '@xvision/contracts';
import type { Logger } from '@xvision/service-kit';
import { type Config, copiesOf } from './config.js';

export interface Backbone extends AsyncDisposable {
  readonly vgg16: Vgg16;
  /** What the catalogue notes of its weights. */
  readonly weights: BackboneWeights;
}

/** Finds the weights, loads the network and checks it on the golden image; the weights themselves are let go. */
export async function openBackbone(
  config: Config,
  { log, blobs }: { log: Pick<Logger, 'info' | 'warn'>; blobs: Pick<BlobStore, 'get'> },
): Promise<Backbone> {
  const weights = await acquireWeights({
    file: config.XVISION_WEIGHTS,
    cacheDir: config.XVISION_CACHE,
    allowUntrained: config.XVISION_ALLOW_UNTRAINED,
    offline: config.XVISION_OFFLINE,
    log: (line) => log.info(line),
  });
  const vgg16 = await openNetwork(config, weights, blobs);
  const { identity, trained, origin } = weights;
  log.info({ ...vgg16.describe(), weights: identity, trained, origin }, 'the backbone is loaded and checked');
  if (!trained) log.warn('UNTRAINED backbone: every feature and all that is made of them means nothing');
  return {
    vgg16,
    weights: { weights: identity, backbone: 'vgg16', trained, origin },
    [Symbol.asyncDispose]: () => vgg16[Symbol.asyncDispose](),
  };
}

async function openNetwork(config: Config, weights: Vgg16Weights, blobs: Pick<BlobStore, 'get'>): Promise<Vgg16> {
  if (config.INT8_CALIBRATION !== undefined) {
    const calibration = await readCalibration(blobs, config.INT8_CALIBRATION);
    if (calibration.weights !== weights.identity) {
      throw new WeightsError(
        `the int8 calibration ${config.INT8_CALIBRATION} belongs to the weights ${calibration.weights}, these are ${weights.identity}: quantize again`,
      );
    }
    return await openVgg16Int8({ weights, calibration, threads: config.ENGINE_THREADS });
  }
  return await openVgg16({
    weights,
    engine: config.ENGINE,
    threads: config.ENGINE_THREADS,
    copies: copiesOf(config),
    cacheDir: config.XVISION_CACHE,
    nativeModules: config.XVISION_NATIVE_MODULES,
  });
}

/** Throws WeightsError for a file that is no accepted calibration. */
async function readCalibration(blobs: Pick<BlobStore, 'get'>, sha256: string): Promise<Int8Calibration> {
  const found = int8CalibrationSchema.safeParse(JSON.parse(Buffer.from(await blobs.get(sha256)).toString('utf8')));
  if (found.success) return found.data;
  throw new WeightsError(`${sha256} is no accepted int8 calibration: "xvision quantize" makes one`);
}
