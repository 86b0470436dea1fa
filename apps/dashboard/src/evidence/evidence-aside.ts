import { openAside } from '../aside.js';
import { keepAnswers } from '../kept-answers.js';
import type { Evidence, EvidenceQuestion } from './gather-evidence.js';

/** Runs whose evidence is kept; some hundred kilobytes each. */
const KEPT = 50;

/**
 * Gathers evidence in a thread, and keeps the newest: a model's test scores are written with it and never change, so
 * what was computed once holds.
 */
export function openEvidence(): (key: string, questionOf: () => Promise<EvidenceQuestion>) => Promise<Evidence> {
  const gather: (question: EvidenceQuestion) => Promise<Evidence> = openAside<Evidence>('evidence/evidence-worker.js');
  const kept = keepAnswers<Evidence>(KEPT);
  return (key, questionOf) => kept(key, () => questionOf().then(gather));
}
