import { createHash, randomUUID } from 'node:crypto';
import {
  AS_PREPARED_VERSION,
  type DatasetFrozen,
  type DeadLetterRecorded,
  datasetFrozen,
  deadLetterRecorded,
  type Envelope,
  type EpochCompleted,
  type EvaluationRequested,
  type EventDefinition,
  epochCompleted,
  evaluationRequested,
  type FeaturesExtracted,
  featuresExtracted,
  type ImageCollected,
  type ImagePrepared,
  type ImageRejected,
  imageCollected,
  imagePrepared,
  imageRejected,
  type ModelEvaluated,
  type ModelTrained,
  makeEvent,
  modelEvaluated,
  modelTrained,
  POOL5_LENGTH,
  PREPROCESSING_VERSION,
  type RunRequested,
  runRequested,
  type ScrapeRequested,
  type StudyRequested,
  scrapeRequested,
  studyRequested,
  VGG16_IMAGENET_WEIGHTS,
} from '@xvision/contracts';
import type { z } from 'zod';

/** A well-formed sha256 that says in a failing test what it stands for. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Origin {
  readonly id?: string;
  readonly traceparent?: string;
}

/** Completes what a test leaves out; each event gets its own id, and payloads are checked against their contract. */
function builder<Payload extends object>(
  definition: EventDefinition<z.ZodType<Payload>>,
  complete: () => Payload,
): (changes?: Partial<Payload>, origin?: Origin) => Envelope<Payload> {
  return (changes, origin) =>
    makeEvent(
      definition,
      { ...complete(), ...changes },
      {
        id: origin?.id ?? randomUUID(),
        source: 'xvision/test',
        time: new Date(),
        ...(origin?.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
      },
    );
}

export const aScrapeRequested = builder(scrapeRequested, (): ScrapeRequested => ({ collectionId: randomUUID() }));

export const anImageCollected = builder(
  imageCollected,
  (): ImageCollected => ({
    imageId: randomUUID(),
    collectionId: randomUUID(),
    originalSha256: sha256Of('an original'),
    mediaType: 'image/png',
    byteLength: 1_000,
    asPrepared: false,
  }),
);

export const anImageRejected = builder(
  imageRejected,
  (): ImageRejected => ({
    imageId: randomUUID(),
    originalSha256: sha256Of('an original'),
    reason: 'truncated',
    message: 'The file ends in the middle of its pixels.',
  }),
);

export const anImagePrepared = builder(
  imagePrepared,
  (): ImagePrepared => ({
    imageId: randomUUID(),
    originalSha256: sha256Of('an original'),
    preparedSha256: sha256Of('a prepared image'),
    preprocessing: PREPROCESSING_VERSION,
  }),
);

export const aFeaturesExtracted = builder(
  featuresExtracted,
  (): FeaturesExtracted => ({
    imageId: randomUUID(),
    identity: {
      preparedSha256: sha256Of('a prepared image'),
      backbone: 'vgg16',
      weights: VGG16_IMAGENET_WEIGHTS,
      preprocessing: AS_PREPARED_VERSION,
      numerics: 'float32',
    },
    featureSha256: sha256Of('a feature row'),
    featureLength: POOL5_LENGTH,
    engine: 'onnx-cpu (test)',
  }),
);

export const aRunRequested = builder(runRequested, (): RunRequested => ({ runId: randomUUID() }));

export const aDatasetFrozen = builder(
  datasetFrozen,
  (): DatasetFrozen => ({
    runId: randomUUID(),
    datasetSha256: sha256Of('a dataset'),
    images: 4,
    patients: 4,
    perClass: { normal: 2, nodule: 2 },
  }),
);

export const anEpochCompleted = builder(
  epochCompleted,
  (): EpochCompleted => ({
    runId: randomUUID(),
    member: 0,
    epoch: 1,
    epochs: 20,
    loss: 0.69,
    checkpointSha256: sha256Of('a checkpoint'),
  }),
);

export const aModelTrained = builder(
  modelTrained,
  (): ModelTrained => ({
    runId: randomUUID(),
    modelId: randomUUID(),
    modelSha256: sha256Of('a model'),
    datasetSha256: sha256Of('a dataset'),
  }),
);

export const anEvaluationRequested = builder(
  evaluationRequested,
  (): EvaluationRequested => ({ kind: 'run', runId: randomUUID() }),
);

export const aModelEvaluated = builder(
  modelEvaluated,
  (): ModelEvaluated => ({
    runId: randomUUID(),
    modelId: randomUUID(),
    reportSha256: sha256Of('a report'),
  }),
);

export const aStudyRequested = builder(studyRequested, (): StudyRequested => ({ studyId: randomUUID() }));

export const aDeadLetterRecorded = builder(
  deadLetterRecorded,
  (): DeadLetterRecorded => ({
    consumer: 'preprocessor',
    subject: imageCollected.subject,
    reason: 'poison',
    message: 'a test made it fail',
    deliveries: 1,
  }),
);
