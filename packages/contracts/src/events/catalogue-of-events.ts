import type { EventDefinition } from '../event.js';
import { datasetFrozen } from './dataset-frozen.js';
import { deadLetterRecorded } from './dead-letter.js';
import { epochCompleted } from './epoch-completed.js';
import { evaluationRequested } from './evaluation-requested.js';
import { featuresExtracted } from './features-extracted.js';
import { imageCollected } from './image-collected.js';
import { imagePrepared } from './image-prepared.js';
import { imageRejected } from './image-rejected.js';
import { modelEvaluated } from './model-evaluated.js';
import { modelTrained } from './model-trained.js';
import { runRequested } from './run-requested.js';
import { scrapeRequested } from './scrape-requested.js';
import { studyRequested } from './study-requested.js';

/** Every event that services exchange, in the order of the flow. */
export const everyEvent: readonly EventDefinition[] = [
  scrapeRequested,
  imageCollected,
  imageRejected,
  imagePrepared,
  featuresExtracted,
  runRequested,
  datasetFrozen,
  epochCompleted,
  modelTrained,
  evaluationRequested,
  modelEvaluated,
  studyRequested,
  deadLetterRecorded,
];
