import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

/** Published when a person asks for a collection; the request itself is in the catalogue (`collection.request`). */
export const scrapeRequested = defineEvent({
  entity: 'scrape',
  fact: 'requested',
  version: 1,
  summary: 'A collection shall be harvested.',
  payload: z.object({ collectionId: z.uuid() }),
});
export type ScrapeRequested = PayloadOf<typeof scrapeRequested>;
