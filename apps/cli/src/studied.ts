import { setTimeout as sleep } from 'node:timers/promises';
import { type RequestOf, type ResultOf, type Study, type StudyKind, studySchema } from '@xvision/contracts';
import type { ApiClient } from './api-client.js';
import { CommandError } from './failure.js';
import type { Progress } from './progress.js';

const POLL_MS = 250;

/** Asks for a study, or for the one that was asked before, and waits for its result. Throws with its own reason when it failed. */
export async function studied<Kind extends StudyKind>(
  api: ApiClient,
  request: RequestOf<Kind>,
  progress: Progress,
): Promise<ResultOf<Kind>> {
  let study: Study = await api.post('/api/studies', request, studySchema);
  while (study.state !== 'done') {
    if (study.state === 'failed') {
      throw new CommandError(`${request.kind} failed: ${study.message ?? 'no reason was given'}`);
    }
    if (study.progress !== null && study.progress.total > 0) {
      const { what: stage, done, total } = study.progress;
      progress.update([{ stage, done, total }]);
    }
    await sleep(POLL_MS);
    study = await api.get(`/api/studies/${study.id}`, studySchema);
  }
  if (study.result?.kind !== request.kind)
    throw new CommandError(`study ${study.id} is done without a result of its kind`);
  return study.result as ResultOf<Kind>;
}
