import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats, type TestNats } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bus, connectBus, ensureTopology } from './connect-bus.js';
import { TopologyMismatchError } from './ensure-topology.js';
import { topology } from './topology.js';

let nats: TestNats;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

/** What the broker says of all streams and consumers, without what changes by itself. */
async function settings(): Promise<unknown> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  const found = [];
  for await (const { config, created } of manager.streams.list()) {
    const consumers = [];
    for await (const consumer of manager.consumers.list(config.name))
      consumers.push([consumer.config, consumer.created]);
    found.push({ config, created, consumers });
  }
  await connection.close();
  return found.sort((a, b) => a.config.name.localeCompare(b.config.name));
}

describe('ensureTopology', () => {
  test('every service may make it, at the same time and again: it stays the same', async () => {
    await Promise.all([ensureTopology(bus), ensureTopology(bus), ensureTopology(bus)]);
    const once = await settings();

    await ensureTopology(bus);

    expect(await settings()).toEqual(once);
    expect((await bus.streamsState()).map((one) => one.stream).sort()).toEqual(topology.map((one) => one.name).sort());
    expect((await bus.lag()).map((one) => `${one.stream}/${one.consumer}`).sort()).toEqual(
      topology.flatMap(({ name, consumers }) => consumers.map(({ durable }) => `${name}/${durable}`)).sort(),
    );
  });

  test('a stream with other settings is brought up to date', async () => {
    await ensureTopology(bus, { maxBytes: 1_000_000 });
    await ensureTopology(bus);

    expect(JSON.stringify(await settings())).not.toContain('"max_bytes":1000000,');
  });

  test('what the broker cannot hold is told with every setting', async () => {
    const asked = ensureTopology(bus, { replicas: 3 });

    await expect(asked).rejects.toThrow(TopologyMismatchError);
    await expect(asked).rejects.toThrow(/stream XV_IMAGES[\s\S]*num_replicas is 1, asked for 3[\s\S]*XV_DEAD/);
  });
});
