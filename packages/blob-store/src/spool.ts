import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { TransientError } from '@xvision/contracts';
import { BlobMismatchError, BlobTooLargeError, type StoredBlob, type StreamLimits } from './blob-store.js';
import { sync } from './sync.js';

/** A temporary file that nobody has written to for so long belongs to a process that is gone. */
const STALE_MS = 60 * 60 * 1000;

export interface SpooledFile extends StoredBlob {
  readonly path: string;
}

export interface SpoolOptions {
  readonly folder: string;
  /** How a new file is created, as its descriptor; tests pass a device that is always full. */
  readonly createFile?: (file: string) => number;
}

/**
 * A folder of files in the making: whatever lies here is not in the store yet and may vanish. What only fills the
 * system's buffers is done at once, since handing it to another thread costs more than doing it (decision 0153); what
 * waits for the disk is not.
 */
export class Spool {
  private readonly folder: string;
  private readonly createFile: (file: string) => number;

  constructor({ folder, createFile = (file) => openSync(file, 'wx') }: SpoolOptions) {
    this.folder = folder;
    this.createFile = createFile;
  }

  /** Makes the folder and removes what processes that died left behind. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const oldest = Date.now() - STALE_MS;
    for (const name of await readdir(this.folder)) {
      const file = path.join(this.folder, name);
      const modified = await stat(file).then(
        (found) => found.mtimeMs,
        () => Number.POSITIVE_INFINITY, // another process swept or renamed it in between
      );
      if (modified < oldest) await rm(file, { force: true });
    }
  }

  /**
   * Writes the chunks to a file of their own and makes them durable, then hands the file to `use`, which moves it away.
   * When anything fails the file is gone afterwards. A full disk is a {@link TransientError}: room can be made.
   */
  async hold<Result>(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limits: StreamLimits,
    use: (file: SpooledFile) => Promise<Result>,
  ): Promise<Result> {
    const file = path.join(this.folder, randomUUID());
    try {
      return await use({ path: file, ...(await this.write(file, source, limits)) });
    } catch (error) {
      await rm(file, { force: true });
      throw explained(error, this.folder);
    }
  }

  private async write(
    file: string,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limits: StreamLimits,
  ): Promise<StoredBlob> {
    const descriptor = this.createFile(file);
    try {
      const hash = createHash('sha256');
      let byteLength = 0;
      for await (const chunk of source) {
        byteLength += chunk.byteLength;
        if (byteLength > limits.maxBytes) {
          throw new BlobTooLargeError(`the stream is longer than the ${limits.maxBytes} bytes allowed`);
        }
        hash.update(chunk);
        writeFileSync(descriptor, chunk);
      }
      const sha256 = hash.digest('hex');
      if (limits.expectedSha256 !== undefined && limits.expectedSha256 !== sha256) {
        throw new BlobMismatchError(
          `the stream hashes to ${sha256}, not to the announced ${limits.expectedSha256}: send the file again`,
        );
      }
      await sync(descriptor);
      return { sha256, byteLength };
    } finally {
      closeSync(descriptor);
    }
  }
}

/** No room is not the bytes' fault: say whose it is and what helps. */
function explained(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new TransientError(
    `no room left on the disk of the blob store (${path.dirname(folder)}): nothing was stored. Free some space; the work goes on by itself`,
    { cause: error },
  );
}
