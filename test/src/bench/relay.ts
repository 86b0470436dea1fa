import { setTimeout as sleep } from 'node:timers/promises';
import { type Catalogue, emitAll } from '@xvision/catalogue';
import { featuresExtracted } from '@xvision/contracts';
import { aFeaturesExtracted } from '@xvision/testing';
import { startBenchStack } from './bench-stack.js';
import type { Bench } from './measure.js';
import { interleave, spreadOf } from './rounds.js';

const EVENTS = 10_000;
const EVENTS_QUICK = 1000;
const ROWS_A_STATEMENT = 1000;
const LOOK_MS = 5;

/** Events that stand in the outbox from one moment on. */
async function fillOutbox(catalogue: Catalogue, count: number): Promise<void> {
  const origin = { source: 'xvision/bench' };
  await catalogue.transaction(async (tx) => {
    for (let done = 0; done < count; done += ROWS_A_STATEMENT) {
      const facts = Array.from({ length: Math.min(ROWS_A_STATEMENT, count - done) }, () => {
        const { data } = aFeaturesExtracted({ imageId: crypto.randomUUID() });
        return { data, origin: { ...origin, subject: data.imageId } };
      });
      await emitAll(tx, featuresExtracted, facts);
    }
  });
}

async function untilPublished(catalogue: Catalogue): Promise<void> {
  for (;;) {
    const rows = await catalogue.prisma.$queryRaw<unknown[]>`SELECT 1 FROM event WHERE published_at IS NULL LIMIT 1`;
    if (rows.length === 0) return;
    await sleep(LOOK_MS);
  }
}

export const relay: Bench = {
  name: 'relay',
  about: 'events from committed outbox rows to acknowledged and marked, the relay as its own process',
  async run(context) {
    await using stack = await startBenchStack(context, ['relay']);
    const { catalogue } = stack;
    const count = context.quick ? EVENTS_QUICK : EVENTS;
    const side = {
      name: 'relay',
      run: async () => {
        await fillOutbox(catalogue, count);
        const committed = performance.now();
        await untilPublished(catalogue);
        return { units: count, seconds: (performance.now() - committed) / 1000 };
      },
    };
    const [result] = await interleave([side], context.rounds);
    const rounds = result?.perSecond ?? [];
    return [
      {
        what: 'outbox to JetStream',
        unit: 'events/s',
        spread: spreadOf(rounds),
        rounds,
        target: { atLeast: 3000 },
        note: `${count} features.extracted events a round, from commit until the last is marked; PostgreSQL and JetStream write through to the disk`,
      },
    ];
  },
};
