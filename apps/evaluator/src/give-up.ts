import { type Catalogue, failPredictionJob, failStudy, recordDeadLetter, setRunState } from '@xvision/catalogue';
import { evaluationRequested, modelTrained, parseEvent, studyRequested } from '@xvision/contracts';
import type { DeadLetter } from '@xvision/message-bus';

/** Records a dead letter and ends the run, prediction job or study that it was about, so that nobody waits for it in vain. */
export async function giveUp(catalogue: Pick<Catalogue, 'transaction'>, letter: DeadLetter): Promise<void> {
  const about = subjectOf(letter);
  const message = `the evaluation was given up after ${letter.deliveries} attempts: ${letter.message}. Re-drive its dead letter to try again`;
  await catalogue.transaction(async (tx) => {
    await recordDeadLetter(tx, letter);
    if (about?.kind === 'run') await setRunState(tx, about.id, { state: 'failed', message });
    if (about?.kind === 'prediction') await failPredictionJob(tx, about.id, message);
    if (about?.kind === 'study') await failStudy(tx, about.id, message);
  });
}

/** Undefined for a message that cannot be read: then nothing is known to end. */
function subjectOf(letter: DeadLetter): { kind: 'run' | 'prediction' | 'study'; id: string } | undefined {
  try {
    const body: unknown = JSON.parse(letter.body);
    if (letter.subject === modelTrained.subject) return { kind: 'run', id: parseEvent(modelTrained, body).data.runId };
    if (letter.subject === studyRequested.subject) {
      return { kind: 'study', id: parseEvent(studyRequested, body).data.studyId };
    }
    const { data } = parseEvent(evaluationRequested, body);
    return data.kind === 'run' ? { kind: 'run', id: data.runId } : { kind: 'prediction', id: data.predictionJobId };
  } catch {
    return undefined;
  }
}
