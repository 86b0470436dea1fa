export { type Catalogue, type CatalogueOptions, type Effect, openCatalogue } from './catalogue.js';
export type { Database, Transaction } from './database.js';
export { type HeartbeatOptions, keepHeartbeat } from './heartbeat.js';
export { type KeptReadings, keepReadings } from './kept-readings.js';
export type { CatalogueLog } from './log.js';
export { migrate } from './migrate.js';
export { emit, emitAll, type Fact, type Origin } from './outbox.js';
export { leadOutbox, type OutboxLeadership } from './outbox-leadership.js';
export {
  type CollectionChange,
  type CollectionPage,
  type CollectionPurpose,
  type CollectionRow,
  type CollectionSource,
  type CollectionState,
  type CollectionSummary,
  type CollectionWithRequest,
  findAwaitedUploads,
  findCollection,
  findCollectionRequest,
  findFeatureOrigin,
  hasCollection,
  insertCollection,
  listCollections,
  setCollectionState,
} from './queries/collections.js';
export {
  type DatasetMember,
  type FrozenDataset,
  findDataset,
  listRunRecords,
  listTrainingFeatures,
  listTrainingImages,
  recordDataset,
  type TrainingFeature,
  type TrainingImage,
} from './queries/datasets.js';
export {
  type Act,
  type ChosenLetters,
  type DeadLetterActRow,
  discardDeadLetters,
  findDeadLetterAct,
  listDeadLetterActs,
  type RefusedDeadLetter,
  type Resolved,
  redriveDeadLetters,
} from './queries/dead-letter-acts.js';
export {
  countDeadLetterGroups,
  countDeadLetters,
  countDeaths,
  type DeadLetterFilter,
  type DeadLetterGroup,
  type DeadLetterPage,
  type DeadLetterRow,
  type DeadLetterState,
  findDeadLetter,
  listDeadLetters,
  type NewDeadLetter,
  recordDeadLetter,
} from './queries/dead-letters.js';
export {
  type CompletedEpoch,
  copyLossCurves,
  DELIVERED_FOLD,
  findCheckpoint,
  type LossCurve,
  recordEpoch,
  recordLossCurves,
} from './queries/epochs.js';
export {
  countRunStages,
  type DatasetFacts,
  findDatasetOfModel,
  findTestedImages,
  listEnginesOfDataset,
  listMetrics,
  listPreprocessingsOfDataset,
  listScoredMembers,
  type RecordedEvaluation,
  recordEvaluation,
  type ScoredMember,
  type TestedImages,
} from './queries/evaluations.js';
export { type EventPage, type EventRow, findEvent, listEvents } from './queries/events.js';
export { type ExternalImage, listExternalImages } from './queries/external-images.js';
export {
  type BackboneWeights,
  type ExtractedFeatures,
  type FeatureRow,
  findFeatures,
  findWeights,
  recordAllFeatures,
  recordFeatures,
  recordWeights,
} from './queries/features.js';
export type { ImageCursor, ImageFilter, RunContext } from './queries/image-filter.js';
export {
  type CollectedImage,
  findCollectedIds,
  findImage,
  type ImagePage,
  type ImageRow,
  listImages,
  type RecordedImage,
  recordCollected,
  recordUnfit,
  type UnfitImage,
} from './queries/images.js';
export { type ImageWithFeatures, listImagesWithFeatures } from './queries/images-with-features.js';
export { hadEffect } from './queries/inbox.js';
export { listMemberOrigins, type MemberOrigin } from './queries/member-origins.js';
export {
  findModel,
  findModelByContent,
  findModelOfRun,
  listModels,
  type ModelPage,
  type ModelRow,
  type NewModel,
  recordModel,
  recordTestScores,
  type TestScore,
} from './queries/models.js';
export {
  type Backlog,
  findUnpublished,
  markPublished,
  type OutboxRow,
  outboxBacklog,
  type Published,
  reconcileStream,
  republishEvents,
  type StreamObservation,
  withholdEvents,
} from './queries/outbox.js';
export {
  failPredictionJob,
  findPredictionJob,
  finishPredictionJob,
  type JobImage,
  listJobImages,
  listWeightsOfCollection,
  type NewPrediction,
  type PredictionJobRow,
} from './queries/predictions.js';
export {
  findPreparation,
  findPreparedContent,
  type PreparedContent,
  type PreparedImage,
  type RejectedImage,
  recordPrepared,
  recordRejected,
} from './queries/prepared-images.js';
export { findStages, listPromotions, type PromotionRow, recordPromotion } from './queries/promotions.js';
export {
  annotateRun,
  findRun,
  insertRun,
  listRuns,
  type RunChange,
  type RunPage,
  type RunRow,
  setRunState,
  setRunTraining,
} from './queries/runs.js';
export { findScoringProfile, recordScoringProfile } from './queries/scoring-profiles.js';
export { listServiceInstances, recordServiceStarted, type ServiceInstanceRow } from './queries/service-instances.js';
export { findStuckEvents, type StuckConsumer, type StuckOptions } from './queries/stuck-work.js';
export {
  failStudy,
  findStudy,
  finishStudy,
  listStudies,
  noteStudyProgress,
  requestStudy,
  type StudyFilter,
} from './queries/studies.js';
export { forgetSweepScores, listSweepScores, recordSweepScore, type SweepScore } from './queries/sweep-scores.js';
export { promotePredictionJobs, promoteRuns, type Swept, somethingWaits } from './queries/sweeper.js';
export {
  type DatasetOfTask,
  type LabelGroup,
  listDatasetsOfTask,
  listLabelGroups,
  listSavedTasks,
  listTaskVersions,
  saveTask,
  type TaskVersion,
} from './queries/tasks.js';
export { findThumbnail, recordThumbnail } from './queries/thumbnails.js';
export { type CollectionOutcome, requestCollection } from './queries/views-collections.js';
export {
  type CardMember,
  type DatasetMemberView,
  hasDataset,
  listCardMembers,
  listDatasetMembers,
} from './queries/views-datasets.js';
export {
  countKeptEvents,
  type EventFilter,
  latestEventSequence,
  listEventsToFollow,
  listNewestEvents,
} from './queries/views-events.js';
export {
  type FingerprintView,
  listFingerprints,
  listMemberFingerprints,
  type MemberFingerprint,
} from './queries/views-fingerprints.js';
export {
  findImageFeatures,
  findImageLineage,
  findImagePredictions,
  findImageStandings,
  findImageView,
  type ImageFeature,
  type ImageLineage,
  type ImagePrediction,
  type ImageStanding,
} from './queries/views-image-detail.js';
export { findImageFacets, type ImageFacets } from './queries/views-image-facets.js';
export {
  countImages,
  findImagePlace,
  findNextImage,
  findRunContext,
  findsFew,
  type ImageView,
  listImageViews,
} from './queries/views-images.js';
export { findModelView, listModelViews, type ModelView } from './queries/views-models.js';
export { type ImageStageCounts, type PipelineCounts, readPipeline } from './queries/views-pipeline.js';
export {
  findPredictionJobView,
  namedProbabilities,
  type PredictionJobView,
  requestPrediction,
} from './queries/views-predictions.js';
export { findRunClaims, listMemberClaims, type MemberClaims, type RunClaims } from './queries/views-proof.js';
export {
  type EpochView,
  findLossMeans,
  findRunFacets,
  findRunView,
  findUnfitCollections,
  hasRun,
  listEpochViews,
  listRunViews,
  type RunFilter,
  type RunView,
  requestEvaluation,
} from './queries/views-runs.js';
export {
  type ConnectedService,
  databaseBytes,
  listConnectedServices,
  listUsedEngines,
  postgresVersion,
  type UsedEngine,
} from './queries/views-system.js';
export {
  type ApiRole,
  type ApiTokenRow,
  type ApiTokenView,
  countApiTokens,
  findApiToken,
  listApiTokens,
  type NewApiToken,
  recordApiToken,
  revokeApiToken,
} from './queries/views-tokens.js';
export type { ReadyOptions } from './ready.js';
