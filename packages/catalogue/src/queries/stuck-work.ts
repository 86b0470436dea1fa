import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';

/** The consumers whose work has an outcome in the catalogue. */
export type StuckConsumer = 'scraper' | 'preprocessor' | 'extractor' | 'trainer' | 'evaluator' | 'studies';

export interface StuckOptions {
  /** Least time since the relay published the event, in seconds. */
  readonly olderThanSeconds: number;
  /** An event published anew this often is left to people. */
  readonly mostRedrives: number;
  readonly limit: number;
}

/** Per consumer: the events whose outcome is missing, as (event_id, published_at, redrives). */
const CANDIDATES: Readonly<Record<StuckConsumer, Prisma.Sql>> = {
  scraper: Prisma.sql`
    SELECT event.* FROM collection JOIN event ON event.about = collection.id::text
    WHERE collection.state IN ('requested', 'harvesting') AND event.subject = 'xv.scrape.requested.v1'`,
  preprocessor: Prisma.sql`
    SELECT event.* FROM image JOIN event ON event.about = image.id::text
    WHERE event.subject = 'xv.image.collected.v1'
      AND NOT EXISTS (SELECT FROM prepared_image WHERE prepared_image.image_id = image.id)
      AND NOT EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)`,
  extractor: Prisma.sql`
    SELECT DISTINCT ON (image.id) event.* FROM image
    JOIN collection ON collection.id = image.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    JOIN event ON event.about = image.id::text
    WHERE event.subject = 'xv.image.prepared.v1' AND NOT EXISTS (
      SELECT FROM feature WHERE feature.prepared_sha256 = prepared_image.prepared_sha256
        AND feature.preprocessing = prepared_image.preprocessing
        AND feature.weights = collection.weights AND feature.numerics = collection.numerics)
    ORDER BY image.id, event.sequence DESC`,
  trainer: Prisma.sql`
    SELECT event.* FROM run JOIN event ON event.about = run.id::text
    WHERE run.state IN ('requested', 'training') AND event.subject = 'xv.run.requested.v1'`,
  evaluator: Prisma.sql`
    SELECT event.* FROM run JOIN event ON event.envelope -> 'data' ->> 'runId' = run.id::text
    WHERE run.state = 'trained' AND event.subject = 'xv.model.trained.v1'
    UNION ALL
    SELECT event.* FROM prediction_job JOIN event ON event.about = prediction_job.id::text
    WHERE prediction_job.state = 'requested' AND event.subject = 'xv.evaluation.requested.v1'`,
  studies: Prisma.sql`
    SELECT event.* FROM study JOIN event ON event.about = study.id::text
    WHERE study.state IN ('requested', 'running') AND event.subject = 'xv.study.requested.v1'`,
};

/**
 * The ids of published events that this consumer should have answered and did not. Only to be asked while nothing waits for
 * the consumer and nothing is in its hands, otherwise live work is found too. Dead letters are left to people.
 */
export async function findStuckEvents(
  db: Database,
  consumer: StuckConsumer,
  { olderThanSeconds, mostRedrives, limit }: StuckOptions,
): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT candidate.id FROM (${CANDIDATES[consumer]}) AS candidate
    WHERE candidate.published_at < now() - make_interval(secs => ${olderThanSeconds}::float8)
      AND candidate.redrives < ${mostRedrives}
      AND NOT EXISTS (SELECT FROM dead_letter
        WHERE dead_letter.event_id = candidate.id::text AND dead_letter.consumer = ${consumer}
          AND dead_letter.state <> 'redriven')
    ORDER BY candidate.sequence LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
