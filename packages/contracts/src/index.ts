export {
  type Collection,
  type CollectionRequest,
  type CollectionRequestInput,
  collectionPurposeSchema,
  collectionRequestSchema,
  collectionSchema,
  collectionStateSchema,
  type DumpRecord,
  dumpRecordSchema,
  type ManifestRecord,
  manifestRecordSchema,
  type StageCounts,
  stageCountsSchema,
} from './api/collection.js';
export {
  type PairedEstimate,
  pairedEstimateSchema,
  type RunComparison,
  runComparisonSchema,
} from './api/comparison.js';
export { type DatasetMember, datasetMemberSchema } from './api/dataset.js';
export {
  type DeadLetter,
  type DeadLetterAct,
  type DeadLetterAction,
  type DeadLetterActionResult,
  type DeadLetterDetail,
  type DeadLetterGroup,
  deadLetterActionResultSchema,
  deadLetterActionSchema,
  deadLetterActSchema,
  deadLetterDetailSchema,
  deadLetterGroupSchema,
  deadLetterSchema,
} from './api/dead-letter.js';
export { type ExplanationMethod, explanationMethodSchema } from './api/explanation.js';
export { type Fingerprint, fingerprintSchema } from './api/fingerprint.js';
export { type GreyValues, type GreyWindow, greyValuesSchema } from './api/grey-values.js';
export {
  type ImageCount,
  type ImageDetail,
  type ImageFacets,
  type ImageNeighbours,
  type ImageQuality,
  type ImageSort,
  type ImageStage,
  type ImageSummary,
  imageCountSchema,
  imageDetailSchema,
  imageFacetsSchema,
  imageNeighboursSchema,
  imageQualitySchema,
  imageSortSchema,
  imageStageSchema,
  imageSummarySchema,
  type Standing,
  standingSchema,
} from './api/image.js';
export {
  type Epoch,
  epochSchema,
  type LossPoint,
  lossPointSchema,
  type Model,
  modelSchema,
  type RunLosses,
  runLossesSchema,
} from './api/model.js';
export { type ExportFormat, exportFormatSchema, type ModelExport, modelExportSchema } from './api/model-export.js';
export {
  type EventKind,
  eventKindSchema,
  type ServiceInstance,
  type Storage,
  serviceInstanceSchema,
  storageSchema,
} from './api/operations.js';
export { type Problem, pageOf, problemSchema } from './api/page.js';
export {
  consumerLagSchema,
  type Pipeline,
  pipelineSchema,
  pipelineStageSchema,
  type System,
  systemSchema,
} from './api/pipeline.js';
export {
  type Abstention,
  abstentionSchema,
  type Prediction,
  type PredictionJob,
  type PredictionRequest,
  predictionJobSchema,
  predictionRequestSchema,
  predictionSchema,
} from './api/prediction.js';
export {
  type ModelStage,
  modelStageSchema,
  type Promotion,
  type PromotionRequest,
  promotionRequestSchema,
  promotionSchema,
} from './api/promotion.js';
export { type ProofLevel, type ProofLink, proofLevelSchema, proofLinkSchema } from './api/proof.js';
export { type RecordedEvent, recordedEventSchema } from './api/recorded-event.js';
export { type ReplayCapability, replayCapabilitySchema } from './api/replay.js';
export {
  classMetricsSchema,
  type Estimate,
  estimateSchema,
  type Head,
  headSchema,
  type Metrics,
  metricsSchema,
  orderSchema,
  type Run,
  type RunAnnotation,
  type RunFacets,
  type RunReport,
  type RunSettings,
  type RunSettingsInput,
  type RunState,
  runAnnotationSchema,
  runFacetsSchema,
  runReportSchema,
  runSchema,
  runSettingsSchema,
  runStateSchema,
  sweepSchema,
  type TrainingChoice,
  type TrainingForm,
  trainingChoiceSchema,
  trainingFormSchema,
} from './api/run.js';
export {
  type FoldResult,
  type Mistake,
  type RunCurves,
  type RunMistakes,
  type RunSubgroups,
  runCurvesSchema,
  runMistakesSchema,
  runSubgroupsSchema,
  type Subgroup,
  type ThresholdRow,
} from './api/run-evidence.js';
export { type ScoringProfile, scoringProfileSchema } from './api/scoring-profile.js';
export { roleSchema, type Session, sessionSchema } from './api/session.js';
export {
  type AuditCheck,
  type AuditResult,
  auditCheckSchema,
  auditRequestSchema,
  auditResultSchema,
} from './api/studies/audit.js';
export { type ExternalResult, externalRequestSchema, externalResultSchema } from './api/studies/external.js';
export { type ParityArm, type ParityResult, SEED_FAULTS, type SeedFault } from './api/studies/parity.js';
export {
  type Int8Calibration,
  int8CalibrationSchema,
  type QuantizeResult,
  quantizeRequestSchema,
  quantizeResultSchema,
} from './api/studies/quantize.js';
export { type Equivalence, type RerunResult } from './api/studies/rerun.js';
export {
  type CascadeStage,
  type MethodTrust,
  type TrustCardResult,
  type TrustTest,
  trustCardRequestSchema,
  trustCardResultSchema,
} from './api/studies/trust-card.js';
export {
  type RequestOf,
  type ResultOf,
  type Study,
  type StudyKind,
  type StudyRequest,
  type StudyResult,
  studyKindSchema,
  studyRequestSchema,
  studyResultSchema,
  studySchema,
} from './api/study.js';
export {
  type TaskDetail,
  type TaskPreview,
  taskDetailSchema,
  taskPreviewRequestSchema,
  taskPreviewSchema,
} from './api/task.js';
export { type ApiToken, apiTokenRequestSchema, apiTokenSchema, newApiTokenSchema } from './api/token.js';
export { type ModelTrust, modelTrustSchema, type TrustVerdict } from './api/trust.js';
export { missingUploadsRequestSchema, missingUploadsSchema, type Upload, uploadSchema } from './api/upload.js';
export {
  defineEvent,
  type Envelope,
  type EventDefinition,
  type EventOrigin,
  envelopeSchema,
  MalformedEventError,
  makeEvent,
  type PayloadOf,
  parseEvent,
} from './event.js';
export { everyEvent } from './events/catalogue-of-events.js';
export { type DatasetFrozen, datasetFrozen } from './events/dataset-frozen.js';
export { type DeadLetterRecorded, deadLetterRecorded } from './events/dead-letter.js';
export { type EpochCompleted, epochCompleted } from './events/epoch-completed.js';
export { type EvaluationRequested, evaluationRequested } from './events/evaluation-requested.js';
export { type FeaturesExtracted, featuresExtracted } from './events/features-extracted.js';
export { type ImageCollected, imageCollected } from './events/image-collected.js';
export { type ImagePrepared, imagePrepared } from './events/image-prepared.js';
export {
  type ImageRejected,
  imageRejected,
  type RejectionReason,
  rejectionReasonSchema,
} from './events/image-rejected.js';
export { type ModelEvaluated, modelEvaluated } from './events/model-evaluated.js';
export { type ModelTrained, modelTrained } from './events/model-trained.js';
export { type RunRequested, runRequested } from './events/run-requested.js';
export { type ScrapeRequested, scrapeRequested } from './events/scrape-requested.js';
export { type StudyRequested, studyRequested } from './events/study-requested.js';
export { PoisonMessageError, TransientError } from './failures.js';
export {
  AS_PREPARED_VERSION,
  type Backbone,
  backboneSchema,
  type FeatureIdentity,
  featureIdentitySchema,
  NEAR_DUPLICATE_DISTANCE,
  POOL5_LENGTH,
  PREPROCESSING_VERSION,
  sha256Schema,
  VGG16_IMAGENET_WEIGHTS,
} from './identifiers.js';
export {
  type ClassRule,
  classRuleSchema,
  type Finding,
  findingSchema,
  type SourceLabels,
  type Split,
  sourceLabelsSchema,
  splitSchema,
  type Task,
  taskSchema,
  type View,
  viewSchema,
} from './labels.js';
