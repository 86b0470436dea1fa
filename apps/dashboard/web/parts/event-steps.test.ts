import type { RecordedEvent } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { stepsOf } from './event-steps.js';

const events = (...types: string[]) =>
  types.map((type, n) => ({ sequence: n, event: { type } }) as unknown as RecordedEvent);
const lengths = (...types: string[]) => stepsOf(events(...types)).map((step) => [step[0].event.type, step.length]);

test('the epochs of a training are one step of its path; a few alike, and alike ones apart, are told each time', () => {
  const epochs = Array.from({ length: 7 }, () => 'epoch');

  expect(lengths('asked', ...epochs, 'trained', 'epoch')).toEqual([
    ['asked', 1],
    ['epoch', 7],
    ['trained', 1],
    ['epoch', 1],
  ]);
  expect(lengths('epoch', 'epoch')).toEqual([
    ['epoch', 1],
    ['epoch', 1],
  ]);
  expect(lengths()).toEqual([]);
});
