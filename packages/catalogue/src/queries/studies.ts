import { type Study, type StudyRequest, type StudyResult, studyRequested, studySchema } from '@xvision/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';
import { emit, type Origin } from '../outbox.js';

/** The same question asked again is the same study, unless that one failed. */
export async function requestStudy(
  tx: Transaction,
  request: StudyRequest,
  origin: Origin,
): Promise<{ id: string; created: boolean }> {
  const id = uuidv7();
  const body = JSON.stringify(request);
  const about = 'about' in request ? request.about : null;
  const inserted = await tx.prisma.$executeRaw`
    INSERT INTO study (id, kind, about, request, state)
    VALUES (${id}::uuid, ${request.kind}, ${about}::uuid, ${body}::jsonb, 'requested')
    ON CONFLICT (md5(request::text)) WHERE state <> 'failed' DO NOTHING`;
  if (inserted > 0) {
    await emit(tx, studyRequested, { studyId: id }, { ...origin, subject: id });
    return { id, created: true };
  }
  const [existing] = await tx.prisma.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM study WHERE md5(request::text) = md5(${body}::jsonb::text) AND state <> 'failed'`;
  if (existing === undefined)
    throw new Error(`the study "${request.kind}" failed while it was asked again; ask once more`);
  return { id: existing.id, created: false };
}

export async function findStudy(db: Database, id: string): Promise<Study | undefined> {
  const [study] = await selectStudies(db, Prisma.sql`WHERE id = ${id}::uuid`);
  return study;
}

export interface StudyFilter {
  readonly about?: string | undefined;
  readonly kind?: string | undefined;
  /** Studies that are older than this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listStudies(db: Database, { about, kind, before, limit }: StudyFilter): Promise<Study[]> {
  const conditions = [
    ...(about === undefined ? [] : [Prisma.sql`about = ${about}::uuid`]),
    ...(kind === undefined ? [] : [Prisma.sql`kind = ${kind}`]),
    ...(before === undefined
      ? []
      : [Prisma.sql`(created_at, id) < (SELECT created_at, id FROM study AS other WHERE other.id = ${before}::uuid)`]),
  ];
  const where = conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}`;
  return await selectStudies(db, Prisma.sql`${where} ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
}

async function selectStudies(db: Database, rest: Prisma.Sql): Promise<Study[]> {
  const rows = await db.prisma.$queryRaw<(Record<string, unknown> & { createdAt: Date; finishedAt: Date | null })[]>`
    SELECT id::text, kind, about::text, request, state, progress, message, result, created_at AS "createdAt",
      finished_at AS "finishedAt" FROM study ${rest}`;
  return rows.map((row) =>
    studySchema.parse({
      ...row,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
    }),
  );
}

/** Notes how far a study is; one that is over stays as it is. */
export async function noteStudyProgress(
  db: Database,
  id: string,
  progress: NonNullable<Study['progress']>,
): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE study SET state = 'running', progress = ${JSON.stringify(progress)}::jsonb
    WHERE id = ${id}::uuid AND state IN ('requested', 'running')`;
}

export async function finishStudy(db: Database, id: string, result: StudyResult): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE study SET state = 'done', progress = NULL, message = NULL, finished_at = now(),
      result = ${JSON.stringify(result)}::jsonb WHERE id = ${id}::uuid`;
}

/** Ends a study that cannot be answered, and says why; asked again it is a new one. */
export async function failStudy(db: Database, id: string, message: string): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE study SET state = 'failed', progress = NULL, message = ${message}, finished_at = now()
    WHERE id = ${id}::uuid AND state <> 'done'`;
}
