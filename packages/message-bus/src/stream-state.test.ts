import { describe, expect, test } from 'vitest';
import { lossesSince, type StreamState } from './stream-state.js';

const state = (changes: Partial<StreamState>): StreamState => ({
  stream: 'XV_IMAGES',
  created: '2026-01-01T00:00:00Z',
  firstSequence: 1,
  lastSequence: 100,
  messages: 100,
  bytes: 70_000,
  ...changes,
});
const known = [{ stream: 'XV_IMAGES', created: '2026-01-01T00:00:00Z', lastSequence: 100 }];

describe('lossesSince', () => {
  test('a stream that went on, was purged or expired from its start lost nothing that the outbox has to bring back', () => {
    expect(lossesSince(known, [state({ lastSequence: 150 })])).toEqual([]);
    expect(lossesSince(known, [state({ firstSequence: 101, messages: 0 })])).toEqual([]);
  });

  test('a stream that is gone or was made anew lost everything', () => {
    const everything = [{ stream: 'XV_IMAGES', kind: 'replaced', fromSequence: 1 }];

    expect(lossesSince(known, [])).toEqual(everything);
    expect(lossesSince(known, [state({ created: '2026-02-01T00:00:00Z', lastSequence: 500 })])).toEqual(everything);
  });

  test('a stream that ends earlier than it did lost its end', () => {
    expect(lossesSince(known, [state({ lastSequence: 80 })])).toEqual([
      { stream: 'XV_IMAGES', kind: 'rewound', fromSequence: 81 },
    ]);
  });

  test('a stream that was empty had nothing to lose', () => {
    expect(lossesSince([{ stream: 'XV_IMAGES', created: 'x', lastSequence: 0 }], [])).toEqual([]);
  });
});
