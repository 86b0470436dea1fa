import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import { readAsJson } from '../read-as-json.js';

export interface DatasetMemberView {
  readonly position: number;
  readonly imageId: string;
  readonly collectionId: string;
  readonly file: string;
  readonly patient: string;
  readonly view: string;
  readonly class: string;
  readonly featureSha256: string;
  readonly folds: readonly number[];
}

export async function hasDataset(db: Database, sha256: string): Promise<boolean> {
  return (await db.prisma.dataset.findUnique({ where: { sha256 }, select: { sha256: true } })) !== null;
}

/** In the dataset's own order, after a position. */
export async function listDatasetMembers(
  db: Database,
  sha256: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<DatasetMemberView[]> {
  return await readAsJson<DatasetMemberView>(
    db,
    Prisma.sql`
    SELECT member.position, member.image_id AS "imageId", image.collection_id AS "collectionId",
      image.external_id AS file, member.patient, image.view,
      coalesce(dataset.task -> 'classes' -> member.label ->> 'name', member.label::text) AS class,
      member.feature_sha256 AS "featureSha256", member.folds::int[] AS folds
    FROM dataset_member AS member
    JOIN dataset ON dataset.sha256 = member.dataset_sha256
    JOIN image ON image.id = member.image_id
    WHERE member.dataset_sha256 = ${sha256} AND member.position > ${after}
    ORDER BY member.position LIMIT ${limit}`,
  );
}

/** What may stand of a member in the card of a model that was trained on it. */
export interface CardMember {
  readonly patient: string;
  readonly view: string;
  /** Source and name. */
  readonly collection: string;
  readonly licence: string | null;
  readonly class: string;
}

/** Every image of a dataset once, however often it is in it. */
export async function listCardMembers(db: Database, sha256: string): Promise<CardMember[]> {
  return await db.prisma.$queryRaw<CardMember[]>`
    SELECT DISTINCT ON (member.image_id) member.patient, image.view,
      collection.source || '/' || collection.name AS collection, image.licence,
      coalesce(dataset.task -> 'classes' -> member.label ->> 'name', member.label::text) AS class
    FROM dataset_member AS member
    JOIN dataset ON dataset.sha256 = member.dataset_sha256
    JOIN image ON image.id = member.image_id
    JOIN collection ON collection.id = image.collection_id
    WHERE member.dataset_sha256 = ${sha256} ORDER BY member.image_id, member.position`;
}
