import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startNats } from './start-nats.js';

/** What the server says first; undefined when nobody listens. */
function greeting(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString('utf8'));
    });
    socket.once('error', () => resolve(undefined));
  });
}

describe('startNats', () => {
  test('a server answers with JetStream on a port of its own and is gone, with its data, after the block', async () => {
    let url = '';
    let pid = 0;
    let folder = '';
    {
      await using nats = await startNats();
      ({ url, pid, folder } = nats);

      expect(await greeting(url)).toContain('"jetstream":true');
    }

    expect(await greeting(url)).toBeUndefined();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(folder)).toBe(false);
  });

  test('a killed server comes back on the same port', async () => {
    await using nats = await startNats();
    const first = nats.pid;

    await nats.kill();
    expect(await greeting(nats.url)).toBeUndefined();
    await nats.restart();

    expect(await greeting(nats.url)).toContain('INFO');
    expect(nats.pid).not.toBe(first);
  });

  test('two servers never share a port', async () => {
    await using one = await startNats();
    await using other = await startNats();

    expect(one.url).not.toBe(other.url);
  });
});
