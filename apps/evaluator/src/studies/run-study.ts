import { BlobCorruptError, BlobMissingError } from '@xvision/blob-store';
import { type Catalogue, failStudy, findStudy, finishStudy, noteStudyProgress } from '@xvision/catalogue';
import { type Envelope, PoisonMessageError, type Study, type StudyRequested } from '@xvision/contracts';
import { answer } from './every-study.js';
import { type StudyNeeds, UnfitStudyError } from './study.js';

/** Durable consumer and inbox name. */
export const STUDIES = 'studies';

export type StudyOutcome = 'answered' | 'failed' | 'repeated';

/** Progress is written at most this often. */
const PROGRESS_MS = 500;

export interface RunStudyNeeds extends StudyNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'effectOnce'>;
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
  /** {@link answer} unless a test says otherwise. */
  readonly answer?: typeof answer;
}

/**
 * Answers a study and keeps its result. Safe to repeat: a study that is over is left as it is. One that cannot be
 * answered fails and says why. Throws PoisonMessageError for a study that does not exist.
 */
export async function runStudy(needs: RunStudyNeeds, event: Envelope<StudyRequested>): Promise<StudyOutcome> {
  const { catalogue, stopping } = needs;
  const { studyId } = event.data;
  const study = await findStudy(catalogue, studyId);
  if (study === undefined) throw new PoisonMessageError(`study ${studyId} is not in the catalogue`);
  if (study.state === 'done' || study.state === 'failed') return 'repeated';
  const effect = { consumer: STUDIES, eventId: event.id };
  const writer = progressWriter(catalogue, study);
  try {
    await noteStudyProgress(catalogue, studyId, { done: 0, total: 0, what: 'begun' });
    const hooks = { progress: writer.note, signal: stopping };
    const result = await (needs.answer ?? answer)(needs, study.request, hooks);
    await writer.settled();
    const done = await catalogue.effectOnce(effect, (tx) => finishStudy(tx, studyId, result));
    return done ? 'answered' : 'repeated';
  } catch (error) {
    await writer.settled();
    const message = unanswerable(error);
    if (message === undefined) throw error;
    const failed = await catalogue.effectOnce(effect, (tx) => failStudy(tx, studyId, message));
    return failed ? 'failed' : 'repeated';
  }
}

function unanswerable(error: unknown): string | undefined {
  if (error instanceof UnfitStudyError) return error.message;
  if (error instanceof RangeError) return `the study cannot be computed: ${error.message}`;
  if (error instanceof BlobMissingError || error instanceof BlobCorruptError) {
    return `something that the study rests on cannot be read: ${error.message}`;
  }
  return undefined;
}

/** Writes now and then how far a study is. What cannot be written is left out: the study goes on, and its end is written. */
function progressWriter(
  catalogue: Pick<Catalogue, 'prisma'>,
  { id }: Study,
): { note: (done: number, total: number, what: string) => void; settled: () => Promise<void> } {
  let written = 0;
  let writing: Promise<void> = Promise.resolve();
  return {
    note: (done, total, what) => {
      const now = performance.now();
      if (now - written < PROGRESS_MS && done < total) return;
      written = now;
      writing = writing.then(() => noteStudyProgress(catalogue, id, { done, total, what })).catch(() => undefined);
    },
    settled: () => writing,
  };
}
