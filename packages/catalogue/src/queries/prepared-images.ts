import { imagePrepared, imageRejected, type RejectionReason } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';

export interface PreparedImage {
  readonly imageId: string;
  readonly originalSha256: string;
  readonly preparedSha256: string;
  readonly preprocessing: string;
  /** Of the decoded original, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The 15 statistics of the no-network baseline, in its order. */
  readonly greyStatistics: readonly number[];
  readonly quality?: Readonly<Record<string, unknown>>;
}

/** Keeps what the preprocessor made and announces it (`image.prepared`); an earlier rejection of the image is withdrawn. */
export async function recordPrepared(tx: Transaction, image: PreparedImage, origin: Origin): Promise<void> {
  const { imageId, originalSha256, preparedSha256, preprocessing, width, height, quality = {} } = image;
  await tx.prisma.$executeRaw`DELETE FROM image_rejection WHERE image_id = ${imageId}::uuid`;
  await tx.prisma.$executeRaw`
    INSERT INTO prepared_image (image_id, prepared_sha256, preprocessing, width, height, grey_statistics, quality)
    VALUES (${imageId}::uuid, ${preparedSha256}, ${preprocessing}, ${width}, ${height},
      ${[...image.greyStatistics]}::real[], ${JSON.stringify(quality)}::jsonb)
    ON CONFLICT (image_id) DO UPDATE SET prepared_sha256 = EXCLUDED.prepared_sha256,
      preprocessing = EXCLUDED.preprocessing, width = EXCLUDED.width, height = EXCLUDED.height,
      grey_statistics = EXCLUDED.grey_statistics, quality = EXCLUDED.quality`;
  const data = { imageId, originalSha256, preparedSha256, preprocessing };
  await emit(tx, imagePrepared, data, { ...origin, subject: imageId });
}

export interface RejectedImage {
  readonly imageId: string;
  readonly originalSha256: string;
  readonly reason: RejectionReason;
  /** For a person: what is wrong with the file and what to do. */
  readonly message: string;
}

/** Keeps why an image cannot be used and announces it (`image.rejected`). */
export async function recordRejected(tx: Transaction, image: RejectedImage, origin: Origin): Promise<void> {
  const { imageId, reason, message } = image;
  await tx.prisma.$executeRaw`DELETE FROM prepared_image WHERE image_id = ${imageId}::uuid`;
  await tx.prisma.$executeRaw`
    INSERT INTO image_rejection (image_id, reason, message) VALUES (${imageId}::uuid, ${reason}, ${message})
    ON CONFLICT (image_id) DO UPDATE SET reason = EXCLUDED.reason, message = EXCLUDED.message`;
  await emit(tx, imageRejected, { ...image }, { ...origin, subject: imageId });
}

/** What is known of the preparation of an image: prepared, rejected, or neither yet. */
export async function findPreparation(
  db: Database,
  imageId: string,
): Promise<{ preparedSha256: string; preprocessing: string } | { reason: string; message: string } | undefined> {
  const prepared = await db.prisma.preparedImage.findUnique({
    where: { imageId },
    select: { preparedSha256: true, preprocessing: true },
  });
  if (prepared !== null) return prepared;
  const rejected = await db.prisma.imageRejection.findUnique({
    where: { imageId },
    select: { reason: true, message: true },
  });
  return rejected ?? undefined;
}

/** What preparing an original gave, whichever image it was prepared for. */
export type PreparedContent = Omit<PreparedImage, 'imageId' | 'originalSha256'>;

/** Equal bytes prepared in the same way need no second decoding: undefined where nobody has done it yet. */
export async function findPreparedContent(
  db: Database,
  original: { originalSha256: string; preprocessing: string },
): Promise<PreparedContent | undefined> {
  const rows = await db.prisma.$queryRaw<PreparedContent[]>`
    SELECT prepared_sha256 AS "preparedSha256", preprocessing, width, height,
      grey_statistics AS "greyStatistics", quality
    FROM prepared_image JOIN image ON image.id = image_id
    WHERE original_sha256 = ${original.originalSha256} AND preprocessing = ${original.preprocessing}
    LIMIT 1`;
  return rows[0];
}
