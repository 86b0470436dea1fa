import { createReadStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { BlobMissingError, type BlobStore, type StoredBlob, type StreamLimits } from './blob-store.js';
import { checkBytes, checkedChunks, checkKey, sha256Of } from './sha256.js';
import { Spool, type SpoolOptions } from './spool.js';
import { syncFolder } from './sync.js';

export interface FileSystemStoreOptions extends Pick<SpoolOptions, 'createFile'> {
  readonly root: string;
}

/** Opens (and creates) a store in a folder: `ab/cd/abcd…`, and `temporary/` for files in the making. */
export async function openFileSystemStore({ root, ...options }: FileSystemStoreOptions): Promise<BlobStore> {
  const spool = new Spool({ folder: path.join(root, 'temporary'), ...options });
  await spool.prepare();
  return new FileSystemStore(root, spool);
}

/**
 * A blob appears by a rename inside one file system, after its bytes are durable: readers see all of it or nothing,
 * and any number of writers of the same bytes end with the same file.
 */
class FileSystemStore implements BlobStore {
  private readonly root: string;
  private readonly spool: Spool;
  /** Folders known to be durable, so that each costs its syncs once. */
  private readonly folders = new Set<string>();

  constructor(root: string, spool: Spool) {
    this.root = root;
    this.spool = spool;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = sha256Of(bytes);
    // Compared byte by byte, so that storing again also heals a damaged blob.
    if (await this.holdsExactly(sha256, bytes)) return sha256;
    const limits = { maxBytes: bytes.byteLength, expectedSha256: sha256 };
    await this.spool.hold([bytes], limits, (file) => this.keep(file.path, sha256));
    return sha256;
  }

  async putStream(source: AsyncIterable<Uint8Array>, limits: StreamLimits): Promise<StoredBlob> {
    return await this.spool.hold(source, limits, async ({ path: file, sha256, byteLength }) => {
      await this.keep(file, sha256);
      return { sha256, byteLength };
    });
  }

  async get(sha256: string): Promise<Uint8Array> {
    const file = this.fileOf(sha256);
    const bytes = await readFile(file).catch((error: unknown) => this.refuseMissing(error, sha256));
    checkBytes(sha256, bytes, file);
    return bytes;
  }

  async openStream(sha256: string): Promise<Readable> {
    const file = this.fileOf(sha256);
    const handle = await open(file).catch((error: unknown) => this.refuseMissing(error, sha256));
    const chunks: AsyncIterable<Uint8Array> = createReadStream(file, { fd: handle });
    return Readable.from(checkedChunks(sha256, chunks, file), { objectMode: false });
  }

  async byteLength(sha256: string): Promise<number> {
    const { size } = await stat(this.fileOf(sha256)).catch((error: unknown) => this.refuseMissing(error, sha256));
    return size;
  }

  async openPart(sha256: string, part: { readonly start: number; readonly end: number }): Promise<Readable> {
    const file = this.fileOf(sha256);
    const handle = await open(file).catch((error: unknown) => this.refuseMissing(error, sha256));
    return createReadStream(file, { fd: handle, ...part });
  }

  async has(sha256: string): Promise<boolean> {
    return await stat(this.fileOf(sha256)).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.fileOf(sha256), { force: true });
  }

  private fileOf(sha256: string): string {
    checkKey(sha256);
    return path.join(this.root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  private async holdsExactly(sha256: string, bytes: Uint8Array): Promise<boolean> {
    if (!existsSync(this.fileOf(sha256))) return false; // quicker than a read that fails
    const stored = await readFile(this.fileOf(sha256)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    return stored?.equals(bytes) ?? false;
  }

  private async keep(file: string, sha256: string): Promise<void> {
    const target = this.fileOf(sha256);
    const folder = path.dirname(target);
    await this.ensureFolder(folder);
    renameSync(file, target);
    await syncFolder(folder);
  }

  private async ensureFolder(folder: string): Promise<void> {
    if (this.folders.has(folder)) return;
    const parent = path.dirname(folder);
    mkdirSync(folder, { recursive: true });
    await syncFolder(parent);
    if (!this.folders.has(parent)) await syncFolder(this.root);
    this.folders.add(parent).add(folder);
  }

  private refuseMissing(error: unknown, sha256: string): never {
    if (!isMissing(error)) throw error;
    throw new BlobMissingError(`blob ${sha256} is not in the store ${this.root}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
