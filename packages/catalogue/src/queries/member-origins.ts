import type { Database } from '../database.js';

/** Where a member of a dataset comes from, in the words of people. */
export interface MemberOrigin {
  readonly file: string;
  /** Source and name of its collection. */
  readonly source: string;
}

/** By image id. */
export async function listMemberOrigins(
  db: Database,
  datasetSha256: string,
): Promise<ReadonlyMap<string, MemberOrigin>> {
  const rows = await db.prisma.$queryRaw<(MemberOrigin & { readonly imageId: string })[]>`
    SELECT DISTINCT image.id::text AS "imageId", image.external_id AS file,
      collection.source || '/' || collection.name AS source
    FROM dataset_member AS member
    JOIN image ON image.id = member.image_id
    JOIN collection ON collection.id = image.collection_id
    WHERE member.dataset_sha256 = ${datasetSha256}`;
  return new Map(rows.map(({ imageId, file, source }) => [imageId, { file, source }]));
}
