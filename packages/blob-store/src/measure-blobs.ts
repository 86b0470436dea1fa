import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StoreEnvironment } from './open-stores.js';

export interface BlobMeasure {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Counts what the blob store holds, file by file and one at a time: it takes its while and keeps nobody waiting for the
 * disk. What is in the making is not counted; what vanishes meanwhile is skipped.
 */
export async function measureBlobs({ XVISION_STORE }: StoreEnvironment, signal?: AbortSignal): Promise<BlobMeasure> {
  let count = 0;
  let bytes = 0;
  const measure = async (folder: string): Promise<void> => {
    for await (const entry of await opendir(folder)) {
      signal?.throwIfAborted();
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) await measure(file);
      else if (isBlob(entry)) {
        const found = await stat(file).catch(() => undefined);
        if (found === undefined) continue;
        count += 1;
        bytes += found.size;
      }
    }
  };
  await measure(path.join(XVISION_STORE, 'blobs'));
  return { count, bytes };
}

function isBlob(entry: Dirent): boolean {
  return entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name);
}
