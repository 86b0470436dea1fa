import type { BlobStore } from '@xvision/blob-store';
import { POOL5_LENGTH } from '@xvision/contracts';
import type { ExpectedFeatures, LoadedHead } from '@xvision/learning';

/** A trained head, ready to score feature rows; learning's `LoadedHead`, as far as it is needed here. */
export type ScoringHead = Pick<LoadedHead, 'score' | typeof Symbol.asyncDispose> & {
  readonly card: Pick<LoadedHead['card'], 'classes'>;
};

/** Reads a model's file by its card; throws when they do not belong together or the features are others. */
export type LoadHead = (bytes: Uint8Array, card: unknown, expected: ExpectedFeatures) => Promise<ScoringHead>;

/** A model of the catalogue, and the features it shall score. */
export interface ModelFile {
  readonly sha256: string;
  readonly card: unknown;
  readonly expected: ExpectedFeatures;
}

export type OpenHead = (model: ModelFile) => Promise<ScoringHead>;

/** Rows scored at once: 3 MB, so that the service stays small however many files a person sends. */
const BATCH = 32;

/** Scores stored feature rows in their order; an image scored alone gives what it gives among others. */
export async function scoreRows(
  blobs: Pick<BlobStore, 'get'>,
  head: ScoringHead,
  featureSha256s: readonly string[],
): Promise<number[][]> {
  const probabilities: number[][] = [];
  for (let start = 0; start < featureSha256s.length; start += BATCH) {
    const batch = featureSha256s.slice(start, start + BATCH);
    const rows = new Float32Array(batch.length * POOL5_LENGTH);
    for (const [index, sha256] of batch.entries()) rows.set(await readRow(blobs, sha256), index * POOL5_LENGTH);
    const scores = Array.from(await head.score(rows, batch.length));
    const classes = head.card.classes.length;
    for (const [index, sha256] of batch.entries()) {
      const row = scores.slice(index * classes, (index + 1) * classes);
      if (row.length !== classes || !row.every(Number.isFinite)) {
        throw new RangeError(
          `the model gave [${row.join(', ')}] for feature row ${sha256}, not ${classes} probabilities`,
        );
      }
      probabilities.push(row);
    }
  }
  return probabilities;
}

/** A stored feature row. Throws RangeError for bytes that are none. */
export async function readRow(blobs: Pick<BlobStore, 'get'>, sha256: string): Promise<Float32Array> {
  const bytes = await blobs.get(sha256);
  if (bytes.byteLength !== POOL5_LENGTH * Float32Array.BYTES_PER_ELEMENT) {
    throw new RangeError(`feature row ${sha256} has ${bytes.byteLength} bytes, not ${POOL5_LENGTH} float32 values`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: POOL5_LENGTH }, (_, index) => view.getFloat32(index * 4, true));
}

/** Keeps the head that was used last (an ensemble is 260 MB to read): people ask one model about many files. */
export function rememberingLastHead(blobs: Pick<BlobStore, 'get'>, load: LoadHead): OpenHead & AsyncDisposable {
  let last: { readonly key: string; readonly head: ScoringHead } | undefined;
  async function forget(): Promise<void> {
    await last?.head[Symbol.asyncDispose]();
    last = undefined;
  }
  async function open(model: ModelFile): Promise<ScoringHead> {
    const key = JSON.stringify(model);
    if (last?.key === key) return last.head;
    await forget(); // the old one goes before the new one comes: there is room for one
    last = { key, head: await load(await blobs.get(model.sha256), model.card, model.expected) };
    return last.head;
  }
  return Object.assign(open, { [Symbol.asyncDispose]: forget });
}
