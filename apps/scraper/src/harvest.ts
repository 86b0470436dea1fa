import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  type CollectedImage,
  findCollectedIds,
  type Origin,
  recordCollected,
  recordUnfit,
  setCollectionState,
} from '@xvision/catalogue';
import { TransientError } from '@xvision/contracts';
import { mapConcurrently } from './map-concurrently.js';
import {
  type FoundImage,
  type FoundUnfit,
  type Source,
  type SourceRecord,
  UnavailableRecordError,
} from './sources/source.js';

export interface HarvestNeeds {
  readonly catalogue: Catalogue;
  readonly blobs: Pick<BlobStore, 'put'>;
}

export interface HarvestJob {
  readonly collectionId: string;
  readonly source: Source;
  readonly origin: Origin;
  /** Aborting hands the job back between two batches; what is catalogued by then stays. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, expected: number | undefined) => void;
}

export interface Harvest {
  /** Records seen, whatever became of them. */
  readonly seen: number;
  /** Images in the catalogue now, also those of an earlier attempt. */
  readonly catalogued: number;
  readonly unavailable: readonly UnavailableRecordError[];
}

/** Records catalogued by one transaction: large enough to be cheap, small enough that a killed scraper repeats little. */
const BATCH = 32;

/** Records fetched at once; the Open-i client limits its own rate. */
const FETCHES = 4;

/** When a whole batch of at least this many cannot be fetched, the source is down rather than the records. */
const LEAST_OUTAGE = 8;

/**
 * Brings every record of a source into the store and the catalogue, batch by batch. Safe to repeat and to break off: records
 * catalogued before are skipped without being fetched. A record that cannot be had now is tried once more at the end.
 * Throws TransientError while the source is down.
 */
export async function harvest(needs: HarvestNeeds, job: HarvestJob): Promise<Harvest> {
  const { source, signal } = job;
  const state = {
    seen: 0,
    catalogued: 0,
    unavailable: [] as UnavailableRecordError[],
    postponed: [] as SourceRecord[],
  };
  let batch: SourceRecord[] = [];
  const flush = async (): Promise<void> => {
    signal.throwIfAborted();
    const { catalogued, failed } = await catalogueBatch(needs, job, batch);
    if (isOutage(failed, batch)) throw outage(failed);
    state.catalogued += catalogued;
    for (const { record, error } of failed) {
      if (error instanceof UnavailableRecordError) state.unavailable.push(error);
      else state.postponed.push(record);
    }
    batch = [];
    job.onProgress(state.catalogued, source.announced());
  };

  for await (const record of source.records(signal)) {
    state.seen++;
    if (record instanceof UnavailableRecordError) state.unavailable.push(record);
    else batch.push(record);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  await tryAgain(needs, job, state);
  return state;
}

async function tryAgain(
  needs: HarvestNeeds,
  job: HarvestJob,
  state: { catalogued: number; unavailable: UnavailableRecordError[]; postponed: SourceRecord[] },
): Promise<void> {
  for (let start = 0; start < state.postponed.length; start += BATCH) {
    job.signal.throwIfAborted();
    const { catalogued, failed } = await catalogueBatch(needs, job, state.postponed.slice(start, start + BATCH));
    state.catalogued += catalogued;
    if (state.catalogued === 0) throw outage(failed);
    for (const { record, error } of failed) {
      state.unavailable.push(new UnavailableRecordError(record.externalId, error.message, { cause: error }));
    }
  }
}

interface FailedFetch {
  readonly kind: 'failed';
  readonly record: SourceRecord;
  readonly error: Error;
}

async function catalogueBatch(
  { catalogue, blobs }: HarvestNeeds,
  { collectionId, source, origin, signal }: HarvestJob,
  batch: readonly SourceRecord[],
): Promise<{ catalogued: number; failed: FailedFetch[] }> {
  const records = [...new Map(batch.map((record) => [record.externalId, record])).values()];
  const ids = records.map((record) => record.externalId);
  const known = await findCollectedIds(catalogue, collectionId, ids);
  const wanted = records.filter((record) => !known.has(record.externalId));
  // In the order of the source, whichever came first, so that the catalogue's order is the same each time.
  const results = await mapConcurrently(wanted, FETCHES, (record) => bringIn(record, blobs, signal));
  const images = results.flatMap((one) => (one.kind === 'image' ? [one.image] : []));
  const unfit = results.flatMap((one) => (one.kind === 'unfit' ? [one.image] : []));
  const failed = results.flatMap((one) => (one.kind === 'failed' ? [one] : []));
  const expected = source.announced();
  await catalogue.transaction(async (tx) => {
    await recordCollected(tx, { collectionId, images }, origin);
    await recordUnfit(tx, { collectionId, images: unfit }, origin);
    await setCollectionState(tx, collectionId, {
      state: 'harvesting',
      ...(expected === undefined ? {} : { expected }),
      ...(images.some((image) => image.synthetic === true) ? { synthetic: true } : {}),
    });
  });
  return { catalogued: records.length - failed.length, failed };
}

type BroughtIn = { readonly kind: 'image'; readonly image: CollectedImage } | FoundUnfit | FailedFetch;

/** Faults of the network belong to the record; anything else, a full disk of ours for example, to the job. */
async function bringIn(record: SourceRecord, blobs: HarvestNeeds['blobs'], signal: AbortSignal): Promise<BroughtIn> {
  let found: FoundImage | FoundUnfit;
  try {
    found = await record.fetch(signal);
  } catch (error) {
    if (!(error instanceof UnavailableRecordError || error instanceof TransientError)) throw error;
    return { kind: 'failed', record, error };
  }
  if (found.kind === 'unfit') return found;
  const originalSha256 = await blobs.put(found.bytes);
  return { kind: 'image', image: { ...found.image, originalSha256, byteLength: found.bytes.byteLength } };
}

function isOutage(failed: readonly FailedFetch[], batch: readonly SourceRecord[]): boolean {
  const passing = failed.filter(({ error }) => error instanceof TransientError);
  return passing.length >= LEAST_OUTAGE && passing.length === batch.length;
}

function outage(failed: readonly FailedFetch[]): Error {
  const [first] = failed;
  return new TransientError(`the source gives none of its images: ${first?.error.message ?? 'no reason is known'}`, {
    cause: first?.error,
  });
}
