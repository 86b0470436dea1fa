export { openBatchMoments } from './heads/batch-moments.js';
export { initialOrdinaryState } from './heads/ordinary-state.js';
export { OrdinaryEngine, type OrdinaryProblem } from './heads/ordinary-training.js';
export { DivergedError } from './heads/training-settings.js';
export { countLabels, type LabelCounts, type LabelledRecord, NO_CLASS } from './labels/count-labels.js';
export { labelOf, labelsOutside } from './labels/label-of.js';
export { openiPatient } from './labels/openi-patient.js';
export { presetTasks } from './labels/preset-tasks.js';
export { SEED_MISSING, SEED_TERMS, seedLabel } from './labels/seed-label.js';
export { type HeadCard, headCardSchema, type SweepTable } from './saved/head-card.js';
export { addHead } from './saved/head-graph.js';
export { type ExpectedFeatures, type LoadedHead, loadHead, ModelMismatchError } from './saved/load-head.js';
export {
  DamagedFileError,
  type DeferredTensor,
  readSafetensors,
  type SavedTensor,
  safetensorsBytes,
  writeSafetensors,
} from './saved/safetensors.js';
export { assignFolds, type FoldOptions, NEVER_TESTED, patientsPerClass } from './splits/assign-folds.js';
export { UnfitDatasetError } from './splits/dataset-errors.js';
export { describeLeaks, findLeaks, type Leak, type LeakMember } from './splits/find-leaks.js';
export { nearHashes, type Pair } from './splits/near-hashes.js';
export {
  type ParityRecord,
  type ParitySets,
  paritySets,
  type SeedSplitFacts,
  seedSplitFacts,
} from './splits/parity-sets.js';
export { type SeedRecord, type SeedSplit, seedSplit } from './splits/seed-split.js';
export { type SplitMember, stratifiedGroupFolds } from './splits/stratified-group-folds.js';
export type { DatasetTraining } from './training/dataset-training.js';
export { deliveredStart } from './training/delivered-start.js';
export type { TrainingState } from './training/messages.js';
export { SharedProducts } from './training/shared-products.js';
export { type SharedRows, setRow, sharedRows } from './training/shared-rows.js';
export type { SweepHooks } from './training/sweep-heads.js';
export type { SweepSteps } from './training/sweep-settings.js';
export { type DatasetHooks, type TrainedDataset, trainDataset } from './training/train-dataset.js';
export { trainHead } from './training/train-head.js';
export { trainingEngine } from './training/training-engine.js';
export { type ChosenForm, chooseForm, type FormNeeds } from './training/training-form.js';
export { type FoldPlan, planOf, type TrainingPlan, type TrainingSets } from './training/training-plan.js';
export { inlineTraining, openTrainingPool, type TrainingPool } from './training/training-pool.js';
export {
  type HeadSettings,
  membersOf,
  type TestScores,
  type TrainedHead,
  type TrainingHooks,
  type TrainingRequest,
} from './training/training-request.js';
export { loadTrainingState, saveTrainingState } from './training/training-state.js';
