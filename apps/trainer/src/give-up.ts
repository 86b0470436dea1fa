import { type Catalogue, recordDeadLetter, setRunState } from '@xvision/catalogue';
import { parseEvent, runRequested } from '@xvision/contracts';
import type { DeadLetter } from '@xvision/message-bus';

/** Records a dead letter and ends the run that it was about, so that nobody waits for it in vain. */
export async function giveUp(catalogue: Pick<Catalogue, 'transaction'>, letter: DeadLetter): Promise<void> {
  const runId = runOf(letter);
  const message = `training was given up after ${letter.deliveries} attempts: ${letter.message}. Re-drive its dead letter to try again`;
  await catalogue.transaction(async (tx) => {
    await recordDeadLetter(tx, letter);
    if (runId !== undefined) await setRunState(tx, runId, { state: 'failed', message });
  });
}

/** Undefined for a message that cannot be read: then nothing is known to end. */
function runOf({ body }: DeadLetter): string | undefined {
  try {
    return parseEvent(runRequested, JSON.parse(body)).data.runId;
  } catch {
    return undefined;
  }
}
