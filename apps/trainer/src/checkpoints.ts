import { BlobMissingError, type BlobStore } from '@xvision/blob-store';
import { type Catalogue, findCheckpoint, type Origin, recordEpoch } from '@xvision/catalogue';
import { loadTrainingState, saveTrainingState, type TrainingState } from '@xvision/learning';

export interface Checkpoints {
  /** The newest state of a network of the delivered model, or undefined when it starts from the beginning. */
  resume(member: number): Promise<TrainingState | undefined>;
  /** Makes a state durable, then announces its epoch. */
  save(member: number, state: TrainingState): Promise<void>;
}

export interface CheckpointNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'transaction'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put' | 'remove'>;
}

/** Checkpoints of one run; only the newest of each network is kept. */
export function openCheckpoints(
  { catalogue, blobs }: CheckpointNeeds,
  run: { readonly runId: string; readonly epochs: number },
  origin: Origin,
): Checkpoints {
  return {
    async resume(member) {
      const newest = await findCheckpoint(catalogue, run.runId, member);
      if (newest === undefined) return undefined;
      try {
        return loadTrainingState(await blobs.get(newest.sha256));
      } catch (error) {
        if (error instanceof BlobMissingError) return undefined;
        throw error;
      }
    },
    async save(member, state) {
      const checkpointSha256 = await blobs.put(await saveTrainingState(state));
      const { epoch } = state;
      const done = { ...run, member, epoch, loss: state.losses.at(-1) ?? Number.NaN, checkpointSha256 };
      const superseded = await catalogue.transaction((tx) => recordEpoch(tx, done, origin));
      for (const sha256 of superseded) await blobs.remove(sha256);
    },
  };
}
