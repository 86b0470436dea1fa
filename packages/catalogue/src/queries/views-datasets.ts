import type { Database } from '../database.js';

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
  return await db.prisma.$queryRaw<DatasetMemberView[]>`
    SELECT member.position, member.image_id AS "imageId", image.collection_id AS "collectionId",
      image.external_id AS file, member.patient, image.view,
      coalesce(dataset.task -> 'classes' -> member.label ->> 'name', member.label::text) AS class,
      member.feature_sha256 AS "featureSha256", member.folds::int[] AS folds
    FROM dataset_member AS member
    JOIN dataset ON dataset.sha256 = member.dataset_sha256
    JOIN image ON image.id = member.image_id
    WHERE member.dataset_sha256 = ${sha256} AND member.position > ${after}
    ORDER BY member.position LIMIT ${limit}`;
}
