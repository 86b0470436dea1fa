import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  type CollectionWithRequest,
  findAwaitedUploads,
  findCollectionRequest,
  setCollectionState,
} from '@xvision/catalogue';
import { PoisonMessageError, type ScrapeRequested } from '@xvision/contracts';
import { type OpenIClient, RefusedError } from '@xvision/openi';
import { harvest } from './harvest.js';
import { dumpSource, openISource } from './sources/openi-source.js';
import type { Source, UnavailableRecordError } from './sources/source.js';
import { uploadSource } from './sources/upload-source.js';

export interface ScraperNeeds {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly quarantine: BlobStore;
  readonly openI: OpenIClient;
  readonly salt: string;
  readonly progress: { put(key: string, value: unknown): void };
}

export interface ScrapeContext {
  readonly signal: AbortSignal;
  readonly traceparent?: string | undefined;
}

/**
 * Harvests one collection. Safe to repeat at any point: images are catalogued once, and a harvested collection is left alone.
 * The state is the inbox here: the job spans many transactions, and each of them may be repeated.
 */
export async function scrapeCollection(
  needs: ScraperNeeds,
  { collectionId }: ScrapeRequested,
  { signal, traceparent }: ScrapeContext,
): Promise<void> {
  const { catalogue } = needs;
  const collection = await findCollectionRequest(catalogue, collectionId);
  if (collection === undefined) {
    throw new PoisonMessageError(`collection ${collectionId} is not in the catalogue: ask for it again`);
  }
  if (collection.state === 'harvested') return;
  await setCollectionState(catalogue, collectionId, { state: 'harvesting', message: null });

  const result = await harvest(needs, {
    collectionId,
    source: sourceOf(needs, collection),
    origin: { source: 'xvision/scraper', ...(traceparent === undefined ? {} : { traceparent }) },
    signal,
    onProgress: (done, expected) =>
      needs.progress.put(`collection.${collectionId}`, { stage: 'collected', done, expected: expected ?? null }),
  }).catch((error: unknown) => {
    // The service itself says no: the same request gets the same answer.
    if (error instanceof RefusedError) throw new PoisonMessageError(error.message, { cause: error });
    throw error;
  });

  const message = messageOf(result.unavailable);
  if (result.catalogued === 0) {
    throw new PoisonMessageError(message ?? 'the source has no record for this request: ask for something else');
  }
  await emptyQuarantine(needs, collection);
  const expected = result.seen;
  await setCollectionState(catalogue, collectionId, { state: 'harvested', expected, message });
}

function sourceOf(needs: ScraperNeeds, { request }: CollectionWithRequest): Source {
  if (request.source === 'openi') return openISource(needs.openI, request);
  if (request.source === 'dump') return dumpSource(needs.openI, request);
  return uploadSource(needs, request);
}

/** Before the collection is called harvested, so that a crash in between leaves no upload behind. */
async function emptyQuarantine(
  { catalogue, quarantine }: ScraperNeeds,
  { id, request }: CollectionWithRequest,
): Promise<void> {
  if (request.source !== 'folder' && request.source !== 'dicom') return;
  const sha256s = [...new Set(request.records.map((record) => record.sha256))];
  const awaited = await findAwaitedUploads(catalogue, { collectionId: id, sha256s });
  for (const sha256 of sha256s) if (!awaited.has(sha256)) await quarantine.remove(sha256);
}

/** More than this many faults are counted, not told one by one. */
const TOLD = 20;

function messageOf(unavailable: readonly UnavailableRecordError[]): string | null {
  if (unavailable.length === 0) return null;
  const told = unavailable.slice(0, TOLD).map((error) => `${error.externalId}: ${error.message}`);
  const more = unavailable.length > TOLD ? [`and ${unavailable.length - TOLD} more`] : [];
  const plural = unavailable.length === 1 ? '1 record' : `${unavailable.length} records`;
  return [`${plural} could not be collected`, ...told, ...more].join('\n');
}
