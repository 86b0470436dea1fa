import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

/** Published when every image of the run's collections is settled; the settings are in the catalogue (`run.settings`). */
export const runRequested = defineEvent({
  entity: 'run',
  fact: 'requested',
  version: 1,
  summary: 'A dataset shall be frozen and a model trained on it.',
  payload: z.object({ runId: z.uuid() }),
});
export type RunRequested = PayloadOf<typeof runRequested>;
