import { z } from 'zod';
import { defineEvent, type PayloadOf } from '../event.js';

/** Published when somebody asks a long question about what was trained: an audit, a trust card, an ablation. */
export const studyRequested = defineEvent({
  entity: 'study',
  fact: 'requested',
  version: 1,
  summary: 'A long question about a run, a model or a collection shall be answered.',
  payload: z.object({ studyId: z.uuid() }),
});
export type StudyRequested = PayloadOf<typeof studyRequested>;
