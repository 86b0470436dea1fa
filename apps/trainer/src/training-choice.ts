import { totalmem } from 'node:os';
import { type Catalogue, type FrozenDataset, type RunRow, setRunTraining } from '@xvision/catalogue';
import { POOL5_LENGTH, type TrainingChoice } from '@xvision/contracts';
import { chooseForm, membersOf, trainingEngine } from '@xvision/learning';

/** Share of the memory that the images' products with each other may take. */
const SHARE = 0.5;

export interface ChoiceNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma'>;
  readonly threads?: number;
  readonly nativeModules?: string | undefined;
}

/** What a process may use, containers' limits included. */
function memoryHere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * The form in which the networks of a run are trained, said in the run's row before the first step. A run that has one
 * keeps it, since its checkpoints are of that form. The logistic head has no networks.
 */
export async function trainingChoice(
  { catalogue, threads = 1, nativeModules }: ChoiceNeeds,
  run: RunRow,
  dataset: FrozenDataset,
): Promise<TrainingChoice | undefined> {
  const { head, epochs, form: asked } = run.settings;
  if (head === 'logistic') return undefined;
  if (run.training !== null) return run.training;
  const folds = dataset.members.reduce((most, member) => Math.max(most, ...member.folds), 0) + 1;
  const repeats = dataset.members[0]?.folds.length ?? 1;
  const { form, reason } = chooseForm({
    images: dataset.members.length,
    width: POOL5_LENGTH,
    epochs,
    networks: membersOf(head) * (folds * repeats + 1),
    threads,
    memoryBytes: memoryHere() * SHARE,
    asked,
  });
  const choice = { form, reason, engine: await trainingEngine(form, nativeModules) };
  await setRunTraining(catalogue, run.id, choice);
  return choice;
}
