import {
  deadLetterRecorded,
  evaluationRequested,
  imageCollected,
  imagePrepared,
  modelTrained,
  runRequested,
  scrapeRequested,
  studyRequested,
} from '@xvision/contracts';

export interface ConsumerDefinition {
  /** The name that all copies of a service share, so that each event goes to one of them. */
  readonly durable: string;
  /** The one subject that it takes; undefined takes all of the stream. */
  readonly filter?: string;
  /** How long a silent copy keeps a message before another gets it; the bus renews the claim of a busy one. */
  readonly ackWaitMs: number;
}

export interface StreamDefinition {
  readonly name: string;
  readonly description: string;
  readonly subjects: readonly string[];
  /** `new` refuses what does not fit, so that the outbox keeps it; `old` forgets the oldest. */
  readonly discard: 'new' | 'old';
  readonly consumers: readonly ConsumerDefinition[];
}

/** A copy that says nothing for this long is taken for dead. */
const ACK_WAIT_MS = 20_000;
/** Longer for services that compute: a busy machine may keep even a heartbeat waiting. */
const COMPUTING_ACK_WAIT_MS = 30_000;

/** A message that this many attempts could not settle is dead. */
export const MAX_DELIVERIES = 8;

export const MAX_DELIVERIES_ADVISORY = '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES';
const TERMINATED_ADVISORY = '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED';

/** The bucket with the progress of long jobs. */
export const PROGRESS_BUCKET = 'xv_progress';

/** Every stream and consumer of the pipeline; `ensureTopology` makes the broker look like this. */
export const topology: readonly StreamDefinition[] = [
  {
    name: 'XV_IMAGES',
    description: 'Originals that were collected or cannot be used',
    subjects: ['xv.image.collected.>', 'xv.image.rejected.>'],
    discard: 'new',
    consumers: [{ durable: 'preprocessor', filter: imageCollected.subject, ackWaitMs: ACK_WAIT_MS }],
  },
  {
    name: 'XV_PREPARED',
    description: 'Images that are ready for the network',
    subjects: ['xv.image.prepared.>'],
    discard: 'new',
    consumers: [{ durable: 'extractor', filter: imagePrepared.subject, ackWaitMs: COMPUTING_ACK_WAIT_MS }],
  },
  {
    name: 'XV_FEATURES',
    description: 'Features that are in the store',
    subjects: ['xv.features.extracted.>'],
    discard: 'new',
    consumers: [],
  },
  {
    name: 'XV_RUNS',
    description: 'What people asked for',
    subjects: ['xv.scrape.requested.>', 'xv.run.requested.>', 'xv.evaluation.requested.>', 'xv.study.requested.>'],
    discard: 'new',
    consumers: [
      { durable: 'scraper', filter: scrapeRequested.subject, ackWaitMs: ACK_WAIT_MS },
      { durable: 'trainer', filter: runRequested.subject, ackWaitMs: COMPUTING_ACK_WAIT_MS },
      { durable: 'evaluator', filter: evaluationRequested.subject, ackWaitMs: ACK_WAIT_MS },
      { durable: 'studies', filter: studyRequested.subject, ackWaitMs: COMPUTING_ACK_WAIT_MS },
    ],
  },
  {
    name: 'XV_MODELS',
    description: 'Datasets, epochs, models and their reports',
    subjects: ['xv.dataset.frozen.>', 'xv.epoch.completed.>', 'xv.model.trained.>', 'xv.model.evaluated.>'],
    discard: 'new',
    consumers: [{ durable: 'evaluator', filter: modelTrained.subject, ackWaitMs: ACK_WAIT_MS }],
  },
  {
    name: 'XV_ADVISORIES',
    description: 'What the broker itself says of messages that nobody could settle',
    subjects: [`${MAX_DELIVERIES_ADVISORY}.>`, `${TERMINATED_ADVISORY}.>`],
    discard: 'old',
    consumers: [{ durable: 'relay', ackWaitMs: ACK_WAIT_MS }],
  },
  {
    name: 'XV_DEAD',
    description: 'Messages that a consumer gave up on',
    subjects: [deadLetterRecorded.subject.replace(/recorded\..*$/, '>')],
    discard: 'new',
    consumers: [],
  },
];

/** The stream that stores a subject; throws for a subject that no stream takes. */
export function streamOf(subject: string): string {
  const stream = topology.find((one) =>
    one.subjects.some((pattern) => pattern.endsWith('>') && subject.startsWith(pattern.slice(0, -1))),
  );
  if (stream === undefined) throw new Error(`no stream stores ${subject}: add it to the topology of message-bus`);
  return stream.name;
}
