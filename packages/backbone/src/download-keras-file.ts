import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { WeightsError } from './weights.js';

/** Published by Keras: the original Caffe weights, converted (CC BY 4.0). */
export const KERAS_FILE_URL =
  'https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5';
const KERAS_FILE_MD5 = '6d6bbae143d832006294945121d1f1fc';

/** The published file has 58,889,256 bytes; anything far beyond is not it. */
const MAX_BYTES = 80_000_000;

/** A connection on which nothing arrives for this long is given up, in ms. */
const IDLE_MS = 20_000;

/** Downloads the published file to `target`; throws {@link WeightsError} on any failure or a wrong checksum. */
export async function downloadKerasFile(target: string, fetchLike: typeof fetch = fetch): Promise<void> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error(`nothing arrived for ${IDLE_MS / 1000} s`)), IDLE_MS);
  try {
    const response = await fetchLike(KERAS_FILE_URL, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new WeightsError(`HTTP status ${response.status}`);
    const md5 = createHash('md5');
    let length = 0;
    await using file = await open(target, 'w');
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(new Error(`nothing arrived for ${IDLE_MS / 1000} s`)), IDLE_MS);
      length += chunk.length;
      if (length > MAX_BYTES) throw new WeightsError(`the answer is longer than ${MAX_BYTES} bytes`);
      md5.update(chunk);
      await file.writeFile(chunk);
    }
    const digest = md5.digest('hex');
    if (digest !== KERAS_FILE_MD5) {
      throw new WeightsError(`wrong checksum: md5 ${digest} of ${length} bytes, expected ${KERAS_FILE_MD5}`);
    }
  } catch (error) {
    throw new WeightsError(`${KERAS_FILE_URL}: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
