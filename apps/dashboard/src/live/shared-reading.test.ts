import { expect, test, vi } from 'vitest';
import { sharedReading } from './shared-reading.js';

test('who asks while a reading goes on gets the same', async () => {
  const read = vi.fn(() => Promise.resolve(Symbol('state')));
  const shared = sharedReading(0, read);

  const [first, second] = await Promise.all([shared(), shared()]);

  expect(first).toBe(second);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a reading is taken again when its time is over, and not before', async () => {
  const read = vi.fn(() => Promise.resolve(Symbol('state')));
  const long = sharedReading(60_000, read);
  expect(await long()).toBe(await long());

  const none = sharedReading(0, read);
  expect(await none()).not.toBe(await none());
});

test('a reading that failed is not kept', async () => {
  const read = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue('back');
  const shared = sharedReading(60_000, read);

  await expect(shared()).rejects.toThrow('away');
  expect(await shared()).toBe('back');
});
