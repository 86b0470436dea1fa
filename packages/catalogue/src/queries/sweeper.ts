import { evaluationRequested, runRequested } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { Prisma } from '../generated/client.js';
import { emit, type Origin } from '../outbox.js';
import { collectionIsSettled, imageIsUnsettled } from './settled.js';
import { type AwaitedCollection, verdict } from './sweeper-verdict.js';

export interface Swept {
  readonly requested: string[];
  readonly failed: string[];
}

/** Locked rows are another relay's to decide in this round. */
const ROUND = 100;

/** Whether any run or prediction waits for its images: mostly none does, and then a sweep is this one question. */
export async function somethingWaits(db: Database): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ waits: boolean }[]>`
    SELECT EXISTS (SELECT FROM run WHERE state = 'waiting')
      OR EXISTS (SELECT FROM prediction_job WHERE state = 'waiting') AS waits`;
  return row?.waits === true;
}

/**
 * Asks for the training of each waiting run whose collections are all settled; the state and the event are one transaction,
 * so two relays promote a run once. A run that can never start fails and says why; one that waits for a person says that.
 */
export async function promoteRuns(tx: Transaction, origin: Origin): Promise<Swept> {
  const waiting = await tx.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM run WHERE state = 'waiting' ORDER BY created_at LIMIT ${ROUND} FOR UPDATE SKIP LOCKED`;
  if (waiting.length === 0) return { requested: [], failed: [] };
  const ids = waiting.map(({ id }) => id);
  const awaited = await awaitedCollections(
    tx,
    Prisma.sql`SELECT run_id AS id, collection_id, NULL AS weights, NULL AS numerics
      FROM run_collection WHERE run_id = ANY (${ids}::uuid[])`,
  );
  const swept: Swept = { requested: [], failed: [] };
  for (const id of ids) {
    const { step, message } = verdict(awaited.filter((collection) => collection.awaitedBy === id));
    if (step === 'request') {
      await tx.prisma.$executeRaw`UPDATE run SET state = 'requested', message = NULL WHERE id = ${id}::uuid`;
      await emit(tx, runRequested, { runId: id }, { ...origin, subject: id });
      swept.requested.push(id);
    } else if (step === 'fail') {
      await tx.prisma.$executeRaw`
        UPDATE run SET state = 'failed', message = ${message}, finished_at = now() WHERE id = ${id}::uuid`;
      swept.failed.push(id);
    } else {
      await tx.prisma.$executeRaw`
        UPDATE run SET message = ${message}::text WHERE id = ${id}::uuid AND message IS DISTINCT FROM ${message}::text`;
    }
  }
  return swept;
}

/** As {@link promoteRuns}, for prediction jobs: their images must have features from the model's own weights. */
export async function promotePredictionJobs(tx: Transaction, origin: Origin): Promise<Swept> {
  const waiting = await tx.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM prediction_job WHERE state = 'waiting' ORDER BY created_at LIMIT ${ROUND} FOR UPDATE SKIP LOCKED`;
  if (waiting.length === 0) return { requested: [], failed: [] };
  const ids = waiting.map(({ id }) => id);
  const awaited = await awaitedCollections(
    tx,
    Prisma.sql`SELECT prediction_job.id, collection_id, dataset.weights, dataset.numerics
      FROM prediction_job JOIN model ON model.id = prediction_job.model_id
      JOIN dataset ON dataset.sha256 = model.dataset_sha256 WHERE prediction_job.id = ANY (${ids}::uuid[])`,
  );
  const swept: Swept = { requested: [], failed: [] };
  for (const id of ids) {
    const { step, message } = verdict(awaited.filter((collection) => collection.awaitedBy === id));
    if (step === 'request') {
      await tx.prisma.$executeRaw`UPDATE prediction_job SET state = 'requested', message = NULL WHERE id = ${id}::uuid`;
      await emit(tx, evaluationRequested, { kind: 'prediction', predictionJobId: id }, { ...origin, subject: id });
      swept.requested.push(id);
    } else if (step === 'fail') {
      await tx.prisma.$executeRaw`
        UPDATE prediction_job SET state = 'failed', message = ${message} WHERE id = ${id}::uuid`;
      swept.failed.push(id);
    } else {
      await tx.prisma.$executeRaw`
        UPDATE prediction_job SET message = ${message}::text
        WHERE id = ${id}::uuid AND message IS DISTINCT FROM ${message}::text`;
    }
  }
  return swept;
}

/** `pairs` selects (id, collection_id, weights, numerics); the weights are those that the waiting one needs, if any. */
async function awaitedCollections(tx: Transaction, pairs: Prisma.Sql): Promise<AwaitedCollection[]> {
  return await tx.prisma.$queryRaw<AwaitedCollection[]>`
    SELECT pair.id AS "awaitedBy", collection.name, collection.state, collection.message,
      collection.weights, collection.numerics, pair.weights AS "neededWeights", pair.numerics AS "neededNumerics",
      ${collectionIsSettled} AS settled,
      (SELECT count(DISTINCT image.id)::int
        FROM dead_letter JOIN event ON event.id::text = dead_letter.event_id
        JOIN image ON image.id::text = event.about
        WHERE dead_letter.state = 'open' AND image.collection_id = collection.id AND ${imageIsUnsettled}) AS dead
    FROM (${pairs}) AS pair JOIN collection ON collection.id = pair.collection_id
    ORDER BY pair.id, collection.id`;
}
