export {
  aDatasetFrozen,
  aDeadLetterRecorded,
  aFeaturesExtracted,
  aModelEvaluated,
  aModelTrained,
  anEpochCompleted,
  anEvaluationRequested,
  anImageCollected,
  anImagePrepared,
  anImageRejected,
  aRunRequested,
  aScrapeRequested,
  aStudyRequested,
  sha256Of,
} from './event-builders.js';
export { projectRoot, sharedFolder } from './shared-folder.js';
export { startNats, type TestNats } from './start-nats.js';
export { startPostgres, type TestPostgres } from './start-postgres.js';
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';
