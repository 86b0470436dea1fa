import { once } from 'node:events';
import { createServer } from 'node:net';
import { startNats } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { connectBus, UnusableBrokerError } from './connect-bus.js';

/** Says of itself what an old server says, and answers pings; more is not asked before the version is seen. */
async function aServerOfVersion(version: string, jetstream: boolean): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    const info = { server_id: 'X', version, max_payload: 1_048_576, headers: true, jetstream, proto: 1 };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (chunk) => {
      if (chunk.includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `nats://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('connectBus', () => {
  test('a server below 2.12 is refused with its version', async () => {
    await using old = await aServerOfVersion('2.11.16', true);

    const connecting = connectBus({ servers: old.url, name: 'test' });

    await expect(connecting).rejects.toThrow(UnusableBrokerError);
    await expect(connecting).rejects.toThrow(/2\.11\.16 at .* is too old: Xvision needs 2\.12 or newer/);
  });

  test('a server without JetStream is refused with what to do', async () => {
    await using plain = await aServerOfVersion('2.15.1', false);

    await expect(connectBus({ servers: plain.url, name: 'test' })).rejects.toThrow('start it with --jetstream');
  });

  test('a wrong token is told at once, the right one is taken', async () => {
    await using nats = await startNats({ token: 'secret' });

    await expect(connectBus({ servers: nats.url, name: 'test', token: 'guess' })).rejects.toThrow('check NATS_TOKEN');
    await using bus = await connectBus({ servers: nats.url, name: 'test', token: 'secret' });
    expect(bus.serverVersion).toMatch(/^2\.1[2-9]/);
  });

  test('a broker that is not there yet is waited for, with a line in the log', async () => {
    await using nats = await startNats();
    await nats.kill();
    const lines: string[] = [];
    const waiting = new Promise<void>((resolve) => {
      const log = {
        info: () => undefined,
        error: () => undefined,
        warn: (_: object, message: string) => {
          lines.push(message);
          resolve();
        },
      };
      void connectBus({ servers: nats.url, name: 'test', log }).then((bus) => {
        connected(bus);
      });
    });
    let connected: (bus: AsyncDisposable) => void = () => undefined;
    const arrived = new Promise<AsyncDisposable>((resolve) => {
      connected = resolve;
    });

    await waiting;
    await nats.restart();
    await (await arrived)[Symbol.asyncDispose]();

    expect(lines[0]).toContain('NATS cannot be reached');
  });

  test('waiting for a broker ends when the service is told to stop', async () => {
    await using nats = await startNats();
    await nats.kill();
    const stop = new AbortController();

    const connecting = connectBus({ servers: nats.url, name: 'test', signal: stop.signal });
    stop.abort(new Error('stopped'));

    await expect(connecting).rejects.toThrow(/stopped|abort/i);
  });
});
