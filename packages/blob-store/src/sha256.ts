import { createHash } from 'node:crypto';
import { BlobCorruptError } from './blob-store.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** Lower-case hexadecimal sha256 of the bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keys become file names: anything but a sha256 is refused before it can name another file. */
export function checkKey(key: string): string {
  if (!SHA256.test(key))
    throw new TypeError(`a blob's key is a lower-case hexadecimal sha256, not ${JSON.stringify(key)}`);
  return key;
}

/** Throws {@link BlobCorruptError} unless the bytes hash to their key. */
export function checkBytes(sha256: string, bytes: Uint8Array, where: string): void {
  const actual = sha256Of(bytes);
  if (actual !== sha256) throw corrupt({ sha256, actual, where });
}

/** Passes the chunks on and throws {@link BlobCorruptError} after the last one unless they hash to their key. */
export async function* checkedChunks(
  sha256: string,
  chunks: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = hash.digest('hex');
  if (actual !== sha256) throw corrupt({ sha256, actual, where });
}

function corrupt(found: { sha256: string; actual: string; where: string }): BlobCorruptError {
  return new BlobCorruptError(
    `blob ${found.sha256} (${found.where}) is damaged: its bytes hash to ${found.actual}. Remove it and store the original again`,
    found.actual,
  );
}
