import type { StudyRequest, StudyResult } from '@xvision/contracts';
import { auditRun } from './audit/audit-run.js';
import { examineOnExternalSet } from './external/external-set.js';
import { parity } from './parity/parity.js';
import { quantizeRun } from './quantize/quantize-run.js';
import { rerunRun } from './rerun/rerun-run.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from './study.js';
import { trustCard } from './trust-card/trust-card.js';

/** Answers a study of any kind. */
export async function answer(needs: StudyNeeds, request: StudyRequest, hooks: StudyHooks): Promise<StudyResult> {
  switch (request.kind) {
    case 'audit':
      return await auditRun(needs, request, hooks);
    case 'external':
      return await examineOnExternalSet(needs, request, hooks);
    case 'parity':
      return await parity(needs, request, hooks);
    case 'quantize':
      return await quantizeRun(needs, request, hooks);
    case 'rerun':
      return await rerunRun(needs, request, hooks);
    case 'trust-card':
      return await trustCard(needs, request, hooks);
    default:
      // A row of a newer version.
      throw new UnfitStudyError('this version does not know this kind of study: update the evaluator');
  }
}
