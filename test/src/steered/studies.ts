import type { Study } from '@xvision/contracts';
import { type Amount, type Answers, AT, idOf, many, pageOf, THE_ID } from './amount.js';

/** What the API tells of studies. */
export function studyAnswers(amount: Amount): Answers {
  return [[/^\/api\/studies$/, pageOf(many(amount, (n) => studyOf(amount, n), 100))]];
}

function studyOf({ words }: Amount, n: number): Study {
  return {
    id: idOf(n),
    kind: 'audit',
    about: THE_ID,
    request: { kind: 'audit', about: THE_ID },
    state: 'failed',
    progress: null,
    message: words('too few patients'),
    result: null,
    createdAt: AT,
    finishedAt: AT,
  };
}
