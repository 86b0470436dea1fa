import { type CollectionRequest, scrapeRequested } from '@xvision/contracts';
import type { Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';
import { insertCollection } from './collections.js';

/**
 * `created`: new, and its harvest is asked for. `exists`: the same request again, nothing to do.
 * `requested-again`: the same request, whose harvest had failed, is asked for again.
 * `different`: the name is taken by another request; nothing was changed.
 */
export type CollectionOutcome = 'created' | 'exists' | 'requested-again' | 'different';

/** Asks for a collection; the same content asked for twice is one collection. */
export async function requestCollection(
  tx: Transaction,
  request: CollectionRequest,
  origin: Origin,
): Promise<{ id: string; outcome: CollectionOutcome }> {
  const { id, created } = await insertCollection(tx, request, origin);
  if (created) return { id, outcome: 'created' };
  const [existing] = await tx.prisma.$queryRaw<{ state: string; same: boolean }[]>`
    SELECT state, request = ${JSON.stringify(request)}::jsonb AS same FROM collection
    WHERE id = ${id}::uuid FOR UPDATE`;
  if (existing?.same !== true) return { id, outcome: 'different' };
  if (existing.state !== 'failed') return { id, outcome: 'exists' };
  await tx.prisma.collection.update({ where: { id }, data: { state: 'requested', message: null } });
  await emit(tx, scrapeRequested, { collectionId: id }, { subject: id, ...origin });
  return { id, outcome: 'requested-again' };
}
