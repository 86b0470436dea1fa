import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { untilReachable } from './until-reachable.js';

function aLog() {
  const lines: string[] = [];
  return { lines, log: pino({}, { write: (line: string) => lines.push(line) }) };
}

test('tries until it works and says what it waits for', async () => {
  const { lines, log } = aLog();
  let failures = 1;
  const attempt = () => (failures-- > 0 ? Promise.reject(new Error('connection refused')) : Promise.resolve('here'));

  const found = await untilReachable(attempt, { what: 'NATS', log, signal: new AbortController().signal });

  expect(found).toBe('here');
  expect(lines.join('')).toMatch(/connection refused.*NATS cannot be reached yet/);
});

test('a shutdown breaks the waiting off', async () => {
  const { log } = aLog();
  const controller = new AbortController();
  const attempt = vi.fn(() => Promise.reject(new Error('down')));
  const waiting = untilReachable(attempt, { what: 'PostgreSQL', log, signal: controller.signal });

  controller.abort();

  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('does not wait for what waiting cannot mend', async () => {
  const { log } = aLog();
  const attempt = () => Promise.reject(new Error('wrong password'));
  const options = { what: 'PostgreSQL', log, signal: new AbortController().signal, fatal: () => true };

  await expect(untilReachable(attempt, options)).rejects.toThrow('wrong password');
});
