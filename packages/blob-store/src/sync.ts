import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Makes what was written to an open file durable: the one step of a write that waits for the disk. */
export const sync = promisify(fsync);

/** A rename is durable once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const descriptor = openSync(folder, 'r');
  try {
    await sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
