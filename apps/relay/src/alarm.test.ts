import { expect, test } from 'vitest';
import { Alarm } from './alarm.js';

const never = new AbortController().signal;
const LONG = 60_000;

test('a ring ends the wait', async () => {
  const alarm = new Alarm();
  const wait = alarm.wait(LONG, never);

  alarm.ring();

  await wait;
});

test('a ring before the wait is not slept over, and counts once', async () => {
  const alarm = new Alarm();
  alarm.ring();
  alarm.ring();
  await alarm.wait(LONG, never);

  let over = false;
  const second = alarm.wait(LONG, never).then(() => (over = true));
  await new Promise((resolve) => setImmediate(resolve));

  expect(over).toBe(false);
  alarm.ring();
  await second;
});

test('the time and a shutdown end the wait as well', async () => {
  const stop = new AbortController();
  const alarm = new Alarm();
  await alarm.wait(1, stop.signal);

  const wait = alarm.wait(LONG, stop.signal);
  stop.abort();
  await wait;

  await alarm.wait(LONG, stop.signal);
});
