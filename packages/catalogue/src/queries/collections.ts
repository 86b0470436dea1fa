import { type CollectionRequest, scrapeRequested } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';
import { emit, type Origin } from '../outbox.js';
import { collectionIsSettled } from './settled.js';

export type CollectionSource = CollectionRequest['source'];
export type CollectionPurpose = CollectionRequest['purpose'];
export type CollectionState = 'requested' | 'harvesting' | 'harvested' | 'failed';

export interface CollectionRow {
  readonly id: string;
  readonly source: CollectionSource;
  readonly name: string;
  readonly purpose: CollectionPurpose;
  readonly state: CollectionState;
  readonly synthetic: boolean;
  /** How many records the source announces, once known. */
  readonly expected: number | null;
  readonly message: string | null;
  /** With what the extractor last computed features for it; null before its first image is through. */
  readonly weights: string | null;
  readonly numerics: string | null;
  readonly createdAt: Date;
  readonly harvestedAt: Date | null;
}

/** What the scraper works from: the row and the request as it was asked. */
export interface CollectionWithRequest extends CollectionRow {
  readonly request: CollectionRequest;
}

/** A row with its counts per stage; `settled`: harvested, and every image is rejected, has its features or was given up. */
export interface CollectionSummary extends CollectionRow {
  readonly counts: { collected: number; prepared: number; rejected: number; extracted: number };
  readonly settled: boolean;
}

/**
 * Catalogues a request and asks for its harvest in the same transaction.
 * The same source and name again is the same collection: its id comes back, nothing is written and nothing is harvested twice.
 */
export async function insertCollection(
  tx: Transaction,
  request: CollectionRequest,
  origin: Origin,
): Promise<{ id: string; created: boolean }> {
  const id = uuidv7();
  const { source, name, purpose } = request;
  const inserted = await tx.prisma.$executeRaw`
    INSERT INTO collection (id, source, name, purpose, request)
    VALUES (${id}::uuid, ${source}, ${name}, ${purpose}, ${JSON.stringify(request)}::jsonb)
    ON CONFLICT (source, name) DO NOTHING`;
  if (inserted === 0) {
    const existing = await tx.prisma.collection.findUniqueOrThrow({
      where: { source_name: { source, name } },
      select: { id: true },
    });
    return { id: existing.id, created: false };
  }
  await emit(tx, scrapeRequested, { collectionId: id }, { subject: id, ...origin });
  return { id, created: true };
}

/** The collection with its request, or undefined when there is none of this id. */
export async function findCollectionRequest(db: Database, id: string): Promise<CollectionWithRequest | undefined> {
  const row = await db.prisma.collection.findUnique({ where: { id } });
  return row === null ? undefined : (row as unknown as CollectionWithRequest);
}

export interface CollectionChange {
  readonly state: CollectionState;
  readonly expected?: number;
  /** Null takes an earlier message back. */
  readonly message?: string | null;
  /** Only ever raised: a source that served one synthetic record makes the collection synthetic. */
  readonly synthetic?: true;
}

/** Sets the state and whatever else became known; `harvested` also notes the time, once. */
export async function setCollectionState(db: Database, id: string, change: CollectionChange): Promise<void> {
  const { state, expected = null, message, synthetic = false } = change;
  await db.prisma.$executeRaw`
    UPDATE collection SET
      state = ${state},
      expected = coalesce(${expected}::integer, expected),
      message = CASE WHEN ${message === undefined} THEN message ELSE ${message ?? null}::text END,
      synthetic = synthetic OR ${synthetic},
      harvested_at = CASE WHEN ${state} = 'harvested' THEN coalesce(harvested_at, now()) ELSE harvested_at END
    WHERE id = ${id}::uuid`;
}

/**
 * Which of these uploads other collections still wait for: their records name them and they are not harvested yet.
 * Uploads that nobody waits for may leave the quarantine.
 */
export async function findAwaitedUploads(
  db: Database,
  harvested: { collectionId: string; sha256s: readonly string[] },
): Promise<Set<string>> {
  const rows = await db.prisma.$queryRaw<{ sha256: string }[]>`
    SELECT DISTINCT record ->> 'sha256' AS sha256
    FROM collection, jsonb_array_elements(request -> 'records') AS record
    WHERE source IN ('folder', 'dicom') AND state IN ('requested', 'harvesting')
      AND collection.id <> ${harvested.collectionId}::uuid AND record ->> 'sha256' = ANY (${[...harvested.sha256s]})`;
  return new Set(rows.map((row) => row.sha256));
}

export async function hasCollection(db: Database, id: string): Promise<boolean> {
  return (await db.prisma.collection.findUnique({ where: { id }, select: { id: true } })) !== null;
}

/** The counts of a collection, or undefined when there is none of this id. */
export async function findCollection(db: Database, id: string): Promise<CollectionSummary | undefined> {
  const [row] = await summaries(db, Prisma.sql`collection.id = ${id}::uuid`, 1);
  return row;
}

export interface CollectionPage {
  /** The id of the last row of the page before; ids are UUIDv7, so they sort by time. */
  readonly before?: string;
  readonly limit?: number;
}

/** Newest first. */
export async function listCollections(db: Database, page: CollectionPage = {}): Promise<CollectionSummary[]> {
  const { before, limit = 50 } = page;
  const condition = before === undefined ? Prisma.sql`true` : Prisma.sql`collection.id < ${before}::uuid`;
  return await summaries(db, condition, limit);
}

/**
 * With what the features of these collections were computed, or undefined before any image is through.
 * Throws when the collections differ: their rows must never be mixed in one dataset.
 */
export async function findFeatureOrigin(
  db: Database,
  collectionIds: readonly string[],
): Promise<{ weights: string; numerics: string } | undefined> {
  const rows = await db.prisma.collection.findMany({
    where: { id: { in: [...collectionIds] }, weights: { not: null } },
    select: { weights: true, numerics: true },
    distinct: ['weights', 'numerics'],
  });
  if (rows.length > 1) {
    const named = rows.map((row) => `${row.weights ?? ''} (${row.numerics ?? ''})`).join(' and ');
    throw new Error(`the features of these collections were computed with different weights: ${named}`);
  }
  const [row] = rows;
  if (row === undefined || row.weights === null || row.numerics === null) return undefined;
  return { weights: row.weights, numerics: row.numerics };
}

interface CountedRow extends CollectionRow {
  collected: number;
  prepared: number;
  rejected: number;
  extracted: number;
  settled: boolean;
}

async function summaries(db: Database, condition: Prisma.Sql, limit: number): Promise<CollectionSummary[]> {
  const rows = await db.prisma.$queryRaw<CountedRow[]>`
    SELECT collection.id, source, name, purpose, state, synthetic, expected, message, weights, numerics,
      created_at AS "createdAt", harvested_at AS "harvestedAt",
      counts.collected, counts.prepared, counts.rejected, counts.extracted, ${collectionIsSettled} AS settled
    FROM collection CROSS JOIN LATERAL (
      SELECT count(*)::int AS collected,
        count(prepared_image.image_id)::int AS prepared,
        count(image_rejection.image_id)::int AS rejected,
        count(feature.feature_sha256)::int AS extracted
      FROM image
      LEFT JOIN prepared_image ON prepared_image.image_id = image.id
      LEFT JOIN image_rejection ON image_rejection.image_id = image.id
      LEFT JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
        AND feature.preprocessing = prepared_image.preprocessing
        AND feature.weights = collection.weights AND feature.numerics = collection.numerics
      WHERE image.collection_id = collection.id
    ) AS counts
    WHERE ${condition}
    ORDER BY collection.id DESC LIMIT ${limit}`;
  return rows.map(({ collected, prepared, rejected, extracted, ...row }) => ({
    ...row,
    counts: { collected, prepared, rejected, extracted },
  }));
}
