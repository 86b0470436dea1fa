import {
  type ImageCollected,
  imageCollected,
  type RejectionReason,
  type SourceLabels,
  type View,
} from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';
import { emitAll, type Origin } from '../outbox.js';
import { recordRejected } from './prepared-images.js';

/** One record of a source, as the scraper found it; its original is in the blob store already. */
export interface CollectedImage {
  readonly externalId: string;
  readonly originalSha256: string;
  readonly mediaType: ImageCollected['mediaType'];
  readonly byteLength: number;
  readonly asPrepared?: boolean;
  readonly synthetic?: boolean;
  /** A salted hash or the source's own pseudonym, never a name. */
  readonly patient: string;
  readonly view?: View;
  readonly sourceUrl?: string;
  readonly licence?: string;
  readonly labels?: SourceLabels;
  readonly report?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ImageRow {
  readonly id: string;
  readonly collectionId: string;
  readonly externalId: string;
  readonly originalSha256: string;
  readonly mediaType: ImageCollected['mediaType'] | typeof UNKNOWN_MEDIA_TYPE;
  readonly byteLength: number;
  readonly asPrepared: boolean;
  readonly synthetic: boolean;
  readonly patient: string;
  readonly view: View;
  readonly sourceUrl: string | null;
  readonly licence: string | null;
  readonly labels: SourceLabels;
  readonly report: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

export interface RecordedImage {
  readonly id: string;
  readonly externalId: string;
}

/**
 * Catalogues a batch of one collection and announces each new image (`image.collected`), in two statements.
 * Resolves to the images that were new; a record catalogued before is left as it is and announced no second time.
 */
export async function recordCollected(
  tx: Transaction,
  { collectionId, images }: { collectionId: string; images: readonly CollectedImage[] },
  origin: Origin,
): Promise<RecordedImage[]> {
  const rows = images.map((image) => ({ ...image, id: uuidv7() }));
  const recorded = await insertImages(tx, collectionId, rows);
  const fresh = new Set(recorded.map((image) => image.id));
  const facts = rows
    .filter((row) => fresh.has(row.id))
    .map(({ id, originalSha256, mediaType, byteLength, asPrepared = false }) => ({
      data: { imageId: id, collectionId, originalSha256, mediaType, byteLength, asPrepared },
      origin: { ...origin, subject: id },
    }));
  await emitAll(tx, imageCollected, facts);
  return recorded;
}

/** A record whose bytes are no image at all, or may not be kept: it is counted and rejected, its bytes are not in the store. */
export interface UnfitImage extends Omit<CollectedImage, 'mediaType'> {
  readonly reason: RejectionReason;
  /** For a person: what is wrong with the file and what to do. */
  readonly message: string;
}

/** Media type of what is not one of ours. */
const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** Catalogues records that no preprocessor can look at, each with its reason (`image.rejected`); known ones stay as they are. */
export async function recordUnfit(
  tx: Transaction,
  { collectionId, images }: { collectionId: string; images: readonly UnfitImage[] },
  origin: Origin,
): Promise<RecordedImage[]> {
  const rows = images.map((image) => ({ ...image, id: uuidv7(), mediaType: UNKNOWN_MEDIA_TYPE }));
  const recorded = await insertImages(tx, collectionId, rows);
  const fresh = new Set(recorded.map((image) => image.id));
  for (const { id, originalSha256, reason, message } of rows.filter((row) => fresh.has(row.id))) {
    await recordRejected(tx, { imageId: id, originalSha256, reason, message }, origin);
  }
  return recorded;
}

async function insertImages(
  tx: Transaction,
  collectionId: string,
  rows: readonly (Omit<CollectedImage, 'mediaType'> & { id: string; mediaType: string })[],
): Promise<RecordedImage[]> {
  if (rows.length === 0) return [];
  return await tx.prisma.$queryRaw<RecordedImage[]>`
    INSERT INTO image (id, collection_id, external_id, original_sha256, media_type, byte_length, as_prepared, synthetic,
      patient, view, source_url, licence, labels, report, attributes)
    SELECT id, ${collectionId}::uuid, "externalId", "originalSha256", "mediaType", "byteLength",
      coalesce("asPrepared", false), coalesce(synthetic, false), patient, coalesce(view, 'unknown'), "sourceUrl", licence,
      coalesce(labels, '{}'), report, coalesce(attributes, '{}')
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS record (
      id uuid, "externalId" text, "originalSha256" text, "mediaType" text, "byteLength" integer, "asPrepared" boolean,
      synthetic boolean, patient text, view text, "sourceUrl" text, licence text, labels jsonb, report text, attributes jsonb)
    -- One order for every writer: two scrapers with overlapping batches wait for each other instead of deadlocking.
    ORDER BY "externalId"
    ON CONFLICT (collection_id, external_id) DO NOTHING
    RETURNING id, external_id AS "externalId"`;
}

/** Which of these records the collection has already, so that a resumed harvest fetches only the rest. */
export async function findCollectedIds(
  db: Database,
  collectionId: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db.prisma.image.findMany({
    where: { collectionId, externalId: { in: [...externalIds] } },
    select: { externalId: true },
  });
  return new Set(rows.map((row) => row.externalId));
}

export async function findImage(db: Database, id: string): Promise<ImageRow | undefined> {
  const row = await db.prisma.image.findUnique({ where: { id } });
  return row === null ? undefined : (row as unknown as ImageRow);
}

export interface ImagePage {
  readonly collectionId?: string;
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly after?: string;
  readonly limit?: number;
}

/** Oldest first. */
export async function listImages(db: Database, page: ImagePage = {}): Promise<ImageRow[]> {
  const { collectionId, after, limit = 100 } = page;
  const where: Prisma.ImageWhereInput = {
    ...(collectionId === undefined ? {} : { collectionId }),
    ...(after === undefined ? {} : { id: { gt: after } }),
  };
  const rows = await db.prisma.image.findMany({ where, orderBy: { id: 'asc' }, take: limit });
  return rows as unknown as ImageRow[];
}
