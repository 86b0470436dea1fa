import { type Catalogue, type ExtractedFeatures, recordAllFeatures } from '@xvision/catalogue';
import type { Envelope } from '@xvision/contracts';
import { GroupCommit } from './group-commit.js';

/** Durable consumer and inbox name. */
export const CONSUMER = 'extractor';

/** Keeps a row and announces its image, as the effect of this event; false when the event had its effect before. */
export type Announce = (event: Pick<Envelope, 'id' | 'traceparent'>, features: ExtractedFeatures) => Promise<boolean>;

export interface Announcing {
  readonly announce: Announce;
  /** Announcements may wait for this image, until `work` is over. */
  readonly whileInHand: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** Rows in one transaction, and how long a finished row may wait for others: little beside what eight images take. */
const MOST = 8;
const LINGER_MS = 500;

/** Announces the images that are done at about the same time in one transaction (decision 0046). */
export function announceTogether(catalogue: Pick<Catalogue, 'effectsOnce'>): Announcing {
  const group = new GroupCommit<{ eventId: string; fact: Fact }, boolean>({
    most: MOST,
    lingerMs: LINGER_MS,
    async commit(effects) {
      const eventIds = effects.map(({ eventId }) => eventId);
      const fresh = await catalogue.effectsOnce({ consumer: CONSUMER, eventIds }, async (tx, places) => {
        await recordAllFeatures(
          tx,
          effects.filter((_, place) => places.includes(place)).map(({ fact }) => fact),
        );
      });
      return effects.map((_, place) => fresh.includes(place));
    },
  });
  return {
    announce: ({ id, traceparent }, features) => {
      const origin = { source: 'xvision/extractor', ...(traceparent === undefined ? {} : { traceparent }) };
      return group.add({ eventId: id, fact: { features, origin } });
    },
    whileInHand: (work) => group.whileInHand(work),
  };
}

type Fact = Parameters<typeof recordAllFeatures>[1][number];
