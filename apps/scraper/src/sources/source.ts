import type { CollectedImage, UnfitImage } from '@xvision/catalogue';

/** What a record is, with the bytes to keep: de-identified and of a known format, but not decoded yet. */
export interface FoundImage {
  readonly kind: 'image';
  readonly image: Omit<CollectedImage, 'originalSha256' | 'byteLength'>;
  readonly bytes: Uint8Array;
}

/** The record is there, but no radiograph: it is counted and rejected with its reason, and its bytes are not kept. */
export interface FoundUnfit {
  readonly kind: 'unfit';
  readonly image: UnfitImage;
}

export interface SourceRecord {
  /** The record's identity inside its collection. */
  readonly externalId: string;
  /**
   * Gets and checks the bytes. Throws {@link UnavailableRecordError} when this record cannot be had, TransientError when
   * it may be had later.
   */
  fetch(signal: AbortSignal): Promise<FoundImage | FoundUnfit>;
}

/** One of several kinds of places from which images come. */
export interface Source {
  /** How many records there will be, as far as the source has said. */
  announced(): number | undefined;
  /** In the source's order, the same each time; a record that is no use at all is an {@link UnavailableRecordError}. */
  records(signal: AbortSignal): AsyncIterable<SourceRecord | UnavailableRecordError>;
}

/** This record cannot be had, now or later; the others can. People find the message at the collection. */
export class UnavailableRecordError extends Error {
  override readonly name = 'UnavailableRecordError';
  readonly externalId: string;

  constructor(externalId: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.externalId = externalId;
  }
}
