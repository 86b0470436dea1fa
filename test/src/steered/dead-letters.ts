import type { DeadLetter, DeadLetterAct, DeadLetterDetail } from '@xvision/contracts';
import { type Amount, type Answers, AT, further, idOf, many, pageOf } from './amount.js';
import { eventOf } from './events.js';

/** What the API tells of dead letters. */
export function deadLetterAnswers(amount: Amount): Answers {
  const { items, count } = amount;
  return [
    [
      /^\/api\/dead-letters$/,
      pageOf(
        many(amount, (n) => letterOf(amount, n), 100),
        further(amount),
      ),
    ],
    [
      /^\/api\/dead-letters\/groups$/,
      {
        items: many(amount, (n) => ({
          consumer: `consumer-${n}`,
          subject: 'xv.a.b.v1',
          state: 'open',
          letters: count,
          lastAt: AT,
        })),
      },
    ],
    [
      /^\/api\/dead-letters\/acts$/,
      pageOf(
        many(amount, (n) => actOf(amount, n), 20),
        further(amount),
      ),
    ],
    [
      /^\/api\/dead-letters\/[^/]+$/,
      {
        ...letterOf(amount, 0),
        stream: items === 0 ? null : 'XV_IMAGE',
        streamSequence: items === 0 ? null : String(count),
        body: items === 0 ? null : amount.report,
        event: items === 0 ? null : eventOf(amount, 0),
        deaths: count,
        act: null,
      } satisfies DeadLetterDetail,
    ],
  ];
}

function letterOf({ count, words }: Amount, n: number): DeadLetter {
  return {
    id: idOf(n),
    consumer: 'preprocessor',
    subject: 'xv.image.collected.v1',
    eventId: idOf(n),
    reason: 'poison',
    message: words(`error ${n}`),
    deliveries: count,
    state: 'open',
    resolution: words('nobody knows'),
    createdAt: AT,
    resolvedAt: null,
  };
}

function actOf({ count, words }: Amount, n: number): DeadLetterAct {
  return {
    id: idOf(n),
    act: 'redrive',
    who: words('somebody'),
    reason: words('mended'),
    matching: null,
    letters: count,
    createdAt: AT,
  };
}
