import type { Database } from '../database.js';
import { PLANNED_ONCE } from '../planned-once.js';

/** What a thumbnail is made of, and its own bytes once there are any; undefined when there is no such image. */
export interface ThumbnailSource {
  /** Null before the image is prepared. */
  readonly preparedSha256: string | null;
  /** Null before the thumbnail is made. */
  readonly sha256: string | null;
}

export async function findThumbnail(db: Database, imageId: string, form: string): Promise<ThumbnailSource | undefined> {
  const [row] = await db.prisma.$queryRaw<ThumbnailSource[]>`
    ${PLANNED_ONCE} SELECT prepared_image.prepared_sha256 AS "preparedSha256", thumbnail.sha256
    FROM image
    LEFT JOIN prepared_image ON prepared_image.image_id = image.id
    LEFT JOIN thumbnail ON thumbnail.prepared_sha256 = prepared_image.prepared_sha256 AND thumbnail.form = ${form}
    WHERE image.id = ${imageId}::uuid`;
  return row;
}

/** The bytes are in the blob store first; of two that were made at once the later stands. */
export async function recordThumbnail(
  db: Database,
  thumbnail: { readonly preparedSha256: string; readonly form: string; readonly sha256: string },
): Promise<void> {
  const { preparedSha256, form, sha256 } = thumbnail;
  await db.prisma.$executeRaw`
    INSERT INTO thumbnail (prepared_sha256, form, sha256) VALUES (${preparedSha256}, ${form}, ${sha256})
    ON CONFLICT (prepared_sha256, form) DO UPDATE SET sha256 = excluded.sha256`;
}
