import type { Readable } from 'node:stream';

/**
 * Bytes under the sha256 of their content. What is in the store is whole and durable, and never changes:
 * a key is either absent or gives exactly the bytes that hash to it.
 */
export interface BlobStore {
  /** Stores the bytes and gives their sha256. Storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<string>;
  /**
   * Stores a stream without holding it in memory. Nothing is kept when the stream breaks off, is longer than `maxBytes`
   * ({@link BlobTooLargeError}) or does not hash to `expectedSha256` ({@link BlobMismatchError}).
   */
  putStream(source: AsyncIterable<Uint8Array>, limits: StreamLimits): Promise<StoredBlob>;
  /** Throws {@link BlobMissingError} or, when the stored bytes do not hash to their key, {@link BlobCorruptError}. */
  get(sha256: string): Promise<Uint8Array>;
  /** Like `get`, as a stream; corruption shows as an error at its end, so act on the bytes only after the end. */
  openStream(sha256: string): Promise<Readable>;
  /** Throws {@link BlobMissingError}. */
  byteLength(sha256: string): Promise<number>;
  /** A part, first and last byte included, as a stream; a part cannot be checked against the hash of the whole. */
  openPart(sha256: string, part: { readonly start: number; readonly end: number }): Promise<Readable>;
  has(sha256: string): Promise<boolean>;
  /** Removing what is not there is no error. */
  remove(sha256: string): Promise<void>;
}

export interface StreamLimits {
  readonly maxBytes: number;
  readonly expectedSha256?: string;
}

export interface StoredBlob {
  readonly sha256: string;
  readonly byteLength: number;
}

/** The store does not hold this key: the bytes were never stored, or were removed. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
}

/** What is stored under the key is not what was stored: the disk or a person changed it. Store the bytes again. */
export class BlobCorruptError extends Error {
  override readonly name = 'BlobCorruptError';
  /** What the stored bytes hash to. */
  readonly found: string;

  constructor(message: string, found: string) {
    super(message);
    this.found = found;
  }
}

/** The stream is longer than its limit; nothing of it was kept. */
export class BlobTooLargeError extends Error {
  override readonly name = 'BlobTooLargeError';
}

/** The stream does not hash to what its sender announced; nothing of it was kept. */
export class BlobMismatchError extends Error {
  override readonly name = 'BlobMismatchError';
}
