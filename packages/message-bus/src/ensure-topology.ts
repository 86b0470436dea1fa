import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type ConsumerDefinition, PROGRESS_BUCKET, type StreamDefinition, topology } from './topology.js';
import { consumerSettings, differences, streamSettings, type TopologyOptions } from './topology-settings.js';

/** The broker does not hold what it was asked to hold; lists every setting. */
export class TopologyMismatchError extends Error {
  override readonly name = 'TopologyMismatchError';
}

const isMissing = (error: unknown) =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound);

async function present<Info>(ask: Promise<Info>): Promise<Info | undefined> {
  try {
    return await ask;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function told(what: string, faults: readonly string[]): string[] {
  return faults.map((fault) => `${what}: ${fault}`);
}

async function ensureStream(
  manager: JetStreamManager,
  definition: StreamDefinition,
  options: TopologyOptions,
): Promise<string[]> {
  const asked = streamSettings(definition, options);
  const before = await present(manager.streams.info(asked.name));
  if (before !== undefined && differences(asked, before.config).length === 0) return [];
  try {
    if (before === undefined) await manager.streams.add(asked);
    else await manager.streams.update(asked.name, asked);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const differing = before === undefined ? [] : differences(asked, before.config);
    return told(`stream ${asked.name}`, [message, ...differing]);
  }
  return told(`stream ${asked.name}`, differences(asked, (await manager.streams.info(asked.name)).config));
}

/** Makes a consumer, or brings its settings up to date, and reads them back. */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  definition: ConsumerDefinition,
): Promise<string[]> {
  const asked = consumerSettings(definition);
  const before = await present(manager.consumers.info(stream, definition.durable));
  if (before !== undefined && differences(asked, before.config).length === 0) return [];
  const held =
    before === undefined
      ? await manager.consumers.add(stream, asked)
      : await manager.consumers.update(stream, definition.durable, asked);
  return told(`consumer ${definition.durable} of ${stream}`, differences(asked, held.config));
}

/** Progress is worth a day at most, and only its last value. */
const PROGRESS_TTL_MS = 24 * 3_600_000;

async function ensureProgressBucket(manager: JetStreamManager, options: TopologyOptions): Promise<void> {
  await new Kvm(manager.jetstream()).create(PROGRESS_BUCKET, {
    history: 1,
    ttl: PROGRESS_TTL_MS,
    storage: StorageType.File,
    replicas: options.replicas ?? 1,
    max_bytes: 16 * 1024 * 1024,
  });
}

/**
 * Makes every stream and consumer that is not there, updates those whose settings differ, and reads all settings back.
 * Safe to call from every service at every start. Throws {@link TopologyMismatchError} with each setting that the broker
 * does not hold.
 */
export async function ensureStreamsAndConsumers(manager: JetStreamManager, options: TopologyOptions): Promise<void> {
  const faults: string[] = [];
  for (const stream of topology) {
    const ofStream = await ensureStream(manager, stream, options);
    faults.push(...ofStream);
    if (ofStream.length > 0) continue;
    for (const consumer of stream.consumers) faults.push(...(await ensureConsumer(manager, stream.name, consumer)));
  }
  await ensureProgressBucket(manager, options);
  if (faults.length > 0) {
    throw new TopologyMismatchError(
      `The broker does not hold the settings it was asked for:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

/** Makes what is not there and leaves the rest alone: after a broker came back without its store. */
export async function restoreMissing(manager: JetStreamManager, options: TopologyOptions): Promise<string[]> {
  const missing = [];
  for (const stream of topology) {
    if ((await present(manager.streams.info(stream.name))) === undefined) missing.push(stream.name);
  }
  if (missing.length > 0) await ensureStreamsAndConsumers(manager, options);
  return missing;
}
