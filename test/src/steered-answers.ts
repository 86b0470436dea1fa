import type {
  Collection,
  DeadLetter,
  DeadLetterAct,
  DeadLetterDetail,
  Estimate,
  ImageDetail,
  ImageSummary,
  Model,
  ModelTrust,
  Pipeline,
  RecordedEvent,
  ReplayCapability,
  Run,
  RunComparison,
  RunCurves,
  RunReport,
  ServiceInstance,
  Study,
  Task,
  TaskDetail,
  TaskPreview,
} from '@xvision/contracts';

/** How much the API tells: of what there may be many, this many; and how every free text reads. */
export interface Amount {
  readonly items: number;
  readonly epochs: number;
  readonly folds: number;
  readonly classes: number;
  readonly count: number;
  /** A text of people or sources: names, messages, notes. */
  readonly words: (what: string) => string;
  readonly report: string;
}

export const THE_ID = '00000000-0000-4000-8000-000000000001';
export const ANOTHER_ID = '00000000-0000-4000-8000-000000000002';
const SHA = 'ab'.repeat(32);
const AT = '2026-01-02T03:04:05.678Z';
const NOTICE = 'Research use only; not a medical device';
const ESTIMATE: Estimate = { value: 0.75, low: 0.64, high: 0.83 };
const UNKNOWN: Estimate = { value: null, low: null, high: null };

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n + 1).padStart(12, '0')}`;
const pageOf = <Item>(items: Item[], next: string | null = null) => ({ items, next });

/** What every address of the API answers; a page that asks for another one is a failure of the test. */
export function answersFor(amount: Amount): readonly (readonly [path: RegExp, answer: unknown])[] {
  const { items, count, words } = amount;
  const many = <Item>(make: (n: number) => Item, most = 100): Item[] =>
    Array.from({ length: Math.min(items, most) }, (_, n) => make(n));
  const next = items > 2 ? 'further' : null;
  const collection = (n: number): Collection => ({
    id: idOf(n),
    name: words(`collection ${n}`),
    source: 'folder',
    purpose: 'dataset',
    state: 'harvested',
    synthetic: true,
    expected: count,
    message: words('three records could not be fetched'),
    counts: { collected: count, prepared: count, rejected: count, extracted: count },
    settled: n > 0,
    createdAt: AT,
  });
  const event = (n: number): RecordedEvent => ({
    sequence: String(n + 1),
    event: {
      specversion: '1.0',
      id: idOf(n),
      source: 'scraper',
      type: 'xv.image.collected.v1',
      subject: THE_ID,
      time: AT,
      datacontenttype: 'application/json',
      data: n > 3 ? { n } : { file: words('a file'), report: amount.report },
    } as RecordedEvent['event'],
    publishedAt: AT,
    stream: 'XV_IMAGE',
    streamSequence: String(count),
  });
  const service = (n: number): ServiceInstance => ({
    id: idOf(n),
    name: 'scraper',
    version: '0.1.0',
    host: words('host'),
    pid: 1,
    engine: 'onnxruntime',
    engineReason: words('the quickest of those that are here'),
    startedAt: AT,
    seenAt: AT,
    health: words('the broker does not answer'),
    stoppedAt: null,
    standing: 'silent',
  });
  return [
    [/^\/api\/session$/, { authentication: 'none', name: null, role: 'operator' }],
    [/^\/api\/collections$/, pageOf(many(collection, 100), next)],
    [/^\/api\/tasks$/, pageOf(many((n) => taskOf(amount, `task-${n}`), 100))],
    [/^\/api\/tasks\/preview$/, previewOf(amount)],
    [/^\/api\/tasks\/[^/]+$/, taskDetailOf(amount)],
    [
      /^\/api\/runs$/,
      pageOf(
        many((n) => runOf(amount, n), 500),
        next,
      ),
    ],
    [/^\/api\/runs\/facets$/, { tasks: many((n) => `task-${n}`), tags: many((n) => `t${n}`) }],
    [/^\/api\/runs\/[^/]+$/, runOf(amount, 0)],
    [/^\/api\/runs\/[^/]+\/epochs$/, { items: epochsOf(amount) }],
    [/^\/api\/runs\/[^/]+\/curves$/, curvesOf(amount)],
    [/^\/api\/runs\/[^/]+\/subgroups$/, subgroupsOf(amount)],
    [/^\/api\/runs\/[^/]+\/mistakes$/, mistakesOf(amount)],
    [/^\/api\/runs\/[^/]+\/comparison\/[^/]+$/, comparisonOf(amount)],
    [/^\/api\/studies$/, pageOf(many((n) => studyOf(amount, n), 100))],
    [
      /^\/api\/models$/,
      pageOf(
        many((n) => modelOf(amount, n), 500),
        next,
      ),
    ],
    [/^\/api\/models\/[^/]+$/, modelOf(amount, 0)],
    [
      /^\/api\/models\/[^/]+\/promotions$/,
      pageOf(
        many((n) => ({
          id: idOf(n),
          modelId: THE_ID,
          stage: 'candidate',
          reason: words('it is better'),
          promotedBy: words('somebody'),
          createdAt: AT,
        })),
      ),
    ],
    [/^\/api\/models\/[^/]+\/trust-card$/, trustOf(amount)],
    [
      /^\/api\/images$/,
      pageOf(
        many((n) => imageOf(amount, n), 120),
        next,
      ),
    ],
    [/^\/api\/images\/count$/, { count: items === 0 ? 0 : count, exact: true }],
    [
      /^\/api\/images\/facets$/,
      { licences: many((n) => words(`licence ${n}`), 50), labels: many((n) => words(`label ${n}`), 2000) },
    ],
    [/^\/api\/images\/[^/]+$/, imageDetailOf(amount)],
    [/^\/api\/images\/[^/]+\/neighbours$/, { previous: null, next: items === 0 ? null : ANOTHER_ID }],
    [/^\/api\/events$/, pageOf(many(event, 100), next)],
    [
      /^\/api\/events\/kinds$/,
      { items: many((n) => ({ subject: `xv.kind${n}.happened.v1`, summary: words('it happened'), stream: `S${n}` })) },
    ],
    [/^\/api\/events\/[^/]+$/, event(0)],
    [
      /^\/api\/dead-letters$/,
      pageOf(
        many((n) => letterOf(amount, n), 100),
        next,
      ),
    ],
    [
      /^\/api\/dead-letters\/groups$/,
      {
        items: many((n) => ({
          consumer: `consumer-${n}`,
          subject: 'xv.a.b.v1',
          state: 'open',
          letters: count,
          lastAt: AT,
        })),
      },
    ],
    [
      /^\/api\/dead-letters\/acts$/,
      pageOf(
        many((n) => actOf(amount, n), 20),
        next,
      ),
    ],
    [
      /^\/api\/dead-letters\/[^/]+$/,
      {
        ...letterOf(amount, 0),
        stream: items === 0 ? null : 'XV_IMAGE',
        streamSequence: items === 0 ? null : String(count),
        body: items === 0 ? null : amount.report,
        event: items === 0 ? null : event(0),
        deaths: count,
        act: null,
      } satisfies DeadLetterDetail,
    ],
    [/^\/api\/replays\/capability$/, replayOf(amount)],
    [
      /^\/api\/system$/,
      {
        version: '0.1.0',
        node: '20',
        postgres: words('18'),
        nats: items === 0 ? null : words('2.15'),
        authentication: 'none',
        services: [],
        engines: many((n) => ({
          engine: words(`engine ${n}`),
          backbone: 'vgg16-imagenet',
          weights: `${n}${SHA}`,
          trained: false,
          features: count,
          lastAt: AT,
        })),
      },
    ],
    [
      /^\/api\/system\/storage$/,
      { database: { bytes: count }, blobs: items === 0 ? null : { count, bytes: count, measuredAt: AT } },
    ],
    [/^\/api\/system\/services$/, pageOf(many(service, 100), next)],
  ];
}

/** What the live stream tells first. */
export function pipelineOf({ items, count, words }: Amount): Pipeline {
  return {
    at: AT,
    stages: (['collect', 'prepare', 'extract', 'train', 'evaluate'] as const).map((stage) => ({
      stage,
      done: items === 0 ? 0 : count,
      waiting: items === 0 ? 0 : count,
      failed: items === 0 ? 0 : count,
      oldestWaitingAt: items === 0 ? null : '1990-01-01T00:00:00.000Z',
    })),
    consumers: Array.from({ length: Math.min(items, 50) }, (_, n) => ({
      stream: `STREAM_${n}`,
      consumer: words(`consumer ${n}`),
      pending: count,
      ackPending: count,
      redelivered: count,
    })),
    outbox: { unpublished: items === 0 ? 0 : count, oldestAt: null },
    deadLettersOpen: items === 0 ? 0 : count,
    collections: items,
    models: items,
    synthetic: items > 0,
  };
}

const classesOf = ({ classes, words }: Amount) =>
  Array.from({ length: classes }, (_, n) => (classes > 2 ? words(`class ${n}`) : ['normal', 'nodule'][n]) ?? '');

function taskOf(amount: Amount, name: string): Task {
  return {
    name,
    description: amount.words('what it asks'),
    classes: classesOf(amount).map((one) => ({
      name: one,
      rule: { kind: 'mesh-contains', anyOf: [amount.words('term')] },
    })),
    labelRule: 'classes',
    views: ['frontal', 'unknown'],
    split: { kind: 'cross-validation', folds: 5, repeats: 1 },
  };
}

function taskDetailOf(amount: Amount): TaskDetail {
  const task = taskOf(amount, 'nodule');
  const classes = classesOf(amount);
  return {
    task,
    preset: true,
    versions: Array.from({ length: Math.min(amount.items, 20) }, (_, n) => ({
      version: n + 1,
      task,
      savedBy: amount.words('somebody'),
      createdAt: AT,
    })),
    datasets: Array.from({ length: Math.min(amount.items, 20) }, (_, n) => ({
      sha256: String(n).padStart(64, '0'),
      images: amount.count,
      patients: amount.count,
      perClass: Object.fromEntries(classes.map((name) => [name, amount.count])),
      leaks: [amount.words('two patients are in both')],
      createdAt: AT,
    })),
  };
}

function previewOf(amount: Amount): TaskPreview {
  const images = amount.items === 0 ? 0 : amount.count;
  return {
    images,
    otherViews: images,
    unlabelled: { images, examples: [] },
    classes: classesOf(amount).map((name) => ({ name, images, examples: amount.items === 0 ? [] : [THE_ID] })),
    changes: amount.items === 0 ? [] : classesOf(amount).map((from) => ({ from, to: null, images, examples: [] })),
  };
}

function runOf(amount: Amount, n: number): Run {
  const { items, words } = amount;
  return {
    id: idOf(n),
    state: n === 1 ? 'training' : items === 0 ? 'waiting' : 'evaluated',
    task: 'nodule',
    settings: {
      task: taskOf(amount, 'nodule'),
      collections: [THE_ID],
      head: 'seed-ensemble',
      seed: 1,
      epochs: 20,
      batchSize: 20,
      learningRate: 0.01,
      momentum: 0,
      weightDecay: 0,
      allowUntrained: false,
      allowLeaks: false,
    },
    modelId: items === 0 ? null : THE_ID,
    message: items === 0 ? null : words('one of its services was started again'),
    synthetic: true,
    report: items === 0 ? null : reportOf(amount, n),
    note: items === 0 ? '' : words('a note'),
    tags: items === 0 ? [] : [`t${n}`, 'a-tag-of-forty-letters-digits-and-hyphens'],
    createdAt: AT,
    finishedAt: null,
  };
}

function reportOf(amount: Amount, n: number): RunReport {
  const { count, words } = amount;
  const classes = classesOf(amount);
  return {
    run: idOf(n),
    model: THE_ID,
    task: 'nodule',
    synthetic: true,
    engine: words('onnxruntime'),
    weights: SHA,
    untrainedBackbone: true,
    head: 'seed-ensemble',
    training: { form: 'dual', reason: words('fewer images than features'), engine: 'onnxruntime' },
    seed: 1,
    dataset: SHA,
    counts: { collected: count, prepared: count, rejected: count, extracted: count, train: count, test: count },
    metrics: {
      auc: ESTIMATE,
      withinFoldAuc: 0.7,
      accuracy: ESTIMATE,
      brier: ESTIMATE,
      classes,
      confusion: classes.map((_, truth) => classes.map((__, predicted) => (truth === predicted ? count : predicted))),
      perClass: classes.map((label) => ({ label, precision: ESTIMATE, recall: UNKNOWN, f1: ESTIMATE, support: count })),
      baseline: { auc: ESTIMATE, gain: ESTIMATE, verdict: words('no more than the grey values') },
      warnings: [words('few patients')],
    },
    notice: NOTICE,
  };
}

function epochsOf({ items, epochs, folds }: Amount) {
  if (items === 0) return [];
  return Array.from({ length: epochs }, (_, epoch) =>
    Array.from({ length: folds + 1 }, (__, fold) => ({
      fold: fold - 1,
      member: 0,
      epoch: epoch + 1,
      loss: 1 / (epoch + 1),
    })),
  ).flat();
}

function curvesOf({ items, classes, count }: Amount): RunCurves {
  const two = items > 0 && classes === 2;
  const at = Array.from({ length: two ? 50 : 0 }, (_, n) => n / 49);
  return {
    run: THE_ID,
    positive: two ? 'nodule' : null,
    images: count,
    positives: Math.round(count / 2),
    operating: at.map((x) => ({ threshold: 1 - x, sensitivity: x, specificity: 1 - x, precision: 0.5 })),
    rocBand: at.map((x) => ({ falsePositiveRate: x, low: x / 2, high: x })),
    reliability: at.slice(0, 10).map((x) => ({
      low: x,
      high: x,
      n: 9,
      meanProbability: x,
      fractionPositive: x,
      interval: { low: x / 2, high: x },
    })),
    thresholds: at.map((x) => ({
      threshold: 1 - x,
      sensitivity: ESTIMATE,
      specificity: ESTIMATE,
      ppv: ESTIMATE,
      npv: UNKNOWN,
    })),
    notice: NOTICE,
  };
}

function subgroupsOf({ items, folds, count, words }: Amount) {
  const row = { images: count, patients: count, auc: ESTIMATE, accuracy: UNKNOWN };
  return {
    run: THE_ID,
    subgroups: Array.from({ length: Math.min(items, 100) }, (_, n) => ({
      ...row,
      by: 'view',
      group: words(`group ${n}`),
      sensitivity: ESTIMATE,
      specificity: ESTIMATE,
    })),
    folds: Array.from({ length: items === 0 ? 0 : folds }, (_, fold) => ({ ...row, repeat: 0, fold })),
    notice: NOTICE,
  };
}

function mistakesOf({ items, count, words }: Amount) {
  return {
    run: THE_ID,
    tested: count,
    wrong: items,
    items: Array.from({ length: Math.min(items, 24) }, (_, n) => ({
      imageId: idOf(n),
      file: words(`file ${n}`),
      truth: words('normal'),
      predicted: words('nodule'),
      probabilityOfTruth: 0.1,
      probabilityOfPredicted: 0.9,
    })),
    notice: NOTICE,
  };
}

function comparisonOf({ count, words }: Amount): RunComparison {
  const pair = { first: ESTIMATE, second: ESTIMATE, difference: ESTIMATE };
  const side = { task: 'nodule', head: 'seed-mlp', tested: count, synthetic: true, untrainedBackbone: false } as const;
  return {
    first: { run: THE_ID, ...side },
    second: { run: ANOTHER_ID, ...side },
    classes: ['normal', 'nodule'],
    images: count,
    patients: count,
    auc: pair,
    accuracy: pair,
    brier: pair,
    delong: null,
    mcNemar: null,
    sentence: words('these data support no difference'),
    notice: NOTICE,
  };
}

function studyOf({ words }: Amount, n: number): Study {
  return {
    id: idOf(n),
    kind: 'audit',
    about: THE_ID,
    request: { kind: 'audit', about: THE_ID },
    state: 'failed',
    progress: null,
    message: words('too few patients'),
    result: null,
    createdAt: AT,
    finishedAt: AT,
  };
}

function modelOf(amount: Amount, n: number): Model {
  const { items, count, words } = amount;
  return {
    id: idOf(n),
    sha256: SHA,
    dataset: SHA,
    runId: items === 0 ? null : idOf(n),
    task: 'nodule',
    synthetic: true,
    untrainedBackbone: true,
    card: items === 0 ? {} : { head: 'seed-ensemble', words: words('a card'), more: n === 0 ? amount.report : '' },
    profile:
      items === 0
        ? null
        : {
            temperature: null,
            uncalibrated: words('too few images'),
            operatingPoint: {
              rule: 'youden',
              class: words('nodule'),
              threshold: 0.5,
              sensitivity: ESTIMATE,
              specificity: UNKNOWN,
            },
            images: count,
            guard: { sha256: SHA, images: count, leastP: 0.01 },
            views: ['frontal'],
          },
    stage: 'candidate',
    createdAt: AT,
  };
}

function trustOf({ items, words }: Amount): ModelTrust {
  const methods = ['grad-cam', 'hires-cam', 'gradient', 'occlusion'] as const;
  return {
    modelId: THE_ID,
    class: words('nodule'),
    verdicts: methods.slice(0, items).map((method) => ({
      method,
      verdict: 'untested',
      sentence: words('not evidence: nobody has tested it'),
      studyId: null,
      images: null,
      tests: [],
      cascade: [],
    })),
    notice: NOTICE,
  };
}

function imageOf({ words }: Amount, n: number): ImageSummary {
  return {
    id: idOf(n),
    collectionId: THE_ID,
    source: 'folder',
    file: words(`file ${n}`),
    view: 'frontal',
    synthetic: true,
    licence: words('a licence'),
    labels: { label: words('a label') },
    stage: n % 2 === 0 ? 'extracted' : 'rejected',
    preparedSha256: n % 2 === 0 ? SHA : null,
    rejection: n % 2 === 0 ? null : { reason: 'undecodable', message: words('broken') },
    standing: null,
    createdAt: AT,
  };
}

function imageDetailOf(amount: Amount): ImageDetail {
  const { items, count, words, report } = amount;
  const { standing: _, ...summary } = imageOf(amount, 0);
  const classes = classesOf(amount);
  const probabilities = Object.fromEntries(classes.map((name) => [name, 1 / classes.length]));
  return {
    ...summary,
    rejection: items === 0 ? { reason: 'undecodable', message: words('broken') } : null,
    patient: words('patient'),
    sourceUrl: words('https://example.org/'),
    report: items === 0 ? null : report,
    attributes: {},
    original: { sha256: SHA, mediaType: 'image/png', byteLength: count },
    prepared: items === 0 ? null : { sha256: SHA, preprocessing: words('nearest'), width: 2000, height: 2000 },
    features: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      sha256: String(n).padStart(64, '0'),
      backbone: 'vgg16-imagenet',
      weights: SHA,
      numerics: 'float32',
      engine: words('onnxruntime'),
      trained: false,
    })),
    standings: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      runId: idOf(n),
      modelId: idOf(n),
      class: classes[0] ?? '',
      split: 'test',
      folds: [0],
      probabilities,
      predicted: classes[1] ?? '',
      correct: false,
      ranges: null,
    })),
    predictions: Array.from({ length: Math.min(items, 50) }, (__, n) => ({
      jobId: idOf(n),
      modelId: idOf(n),
      probabilities: null,
      abstained: words('unlike the training images'),
    })),
    notice: NOTICE,
  };
}

function letterOf({ count, words }: Amount, n: number): DeadLetter {
  return {
    id: idOf(n),
    consumer: 'preprocessor',
    subject: 'xv.image.collected.v1',
    eventId: idOf(n),
    reason: 'poison',
    message: words(`error ${n}`),
    deliveries: count,
    state: 'open',
    resolution: words('nobody knows'),
    createdAt: AT,
    resolvedAt: null,
  };
}

function actOf({ count, words }: Amount, n: number): DeadLetterAct {
  return {
    id: idOf(n),
    act: 'redrive',
    who: words('somebody'),
    reason: words('mended'),
    matching: null,
    letters: count,
    createdAt: AT,
  };
}

function replayOf({ items, count, words }: Amount): ReplayCapability {
  return {
    available: false,
    reason: words('this server starts none'),
    modes: items === 0 ? [] : [{ mode: 'audit', description: words('look only') }],
    events: { count: items === 0 ? 0 : count, oldestAt: items === 0 ? null : AT },
  };
}
