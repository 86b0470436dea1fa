import type { Pipeline, ReplayCapability, ServiceInstance } from '@xvision/contracts';
import { type Amount, type Answers, AT, further, idOf, many, pageOf, SHA } from './amount.js';

/** What the API tells of the system and of replays. */
export function systemAnswers(amount: Amount): Answers {
  const { items, count, words } = amount;
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
        engines: many(amount, (n) => ({
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
    [/^\/api\/system\/services$/, pageOf(many(amount, service, 100), further(amount))],
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

function replayOf({ items, count, words }: Amount): ReplayCapability {
  return {
    available: false,
    reason: words('this server starts none'),
    modes: items === 0 ? [] : [{ mode: 'audit', description: words('look only') }],
    events: { count: items === 0 ? 0 : count, oldestAt: items === 0 ? null : AT },
  };
}
