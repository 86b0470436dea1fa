import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followStream } from './lasting-stream.js';

/** A browser's side of a stream, moved by hand. */
class HandMoved extends EventTarget {
  static readonly CLOSED = 2;
  static readonly opened: HandMoved[] = [];
  readyState = 0;
  readonly address: string;

  constructor(address: string) {
    super();
    this.address = address;
    HandMoved.opened.push(this);
  }

  tell(data: string, lastEventId = ''): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, lastEventId }));
  }

  lose(refused: boolean): void {
    this.readyState = refused ? HandMoved.CLOSED : 0;
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.readyState = HandMoved.CLOSED;
  }
}

beforeEach(() => {
  HandMoved.opened.length = 0;
  vi.stubGlobal('EventSource', HandMoved);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function follow(address: string) {
  const seen: string[] = [];
  const end = followStream(address, {
    opened: () => void seen.push('opened'),
    told: (data) => void seen.push(data),
    lost: (refused) => void seen.push(refused ? 'refused' : 'lost'),
  });
  return { seen, end };
}

test('a refusal by a server that is starting is tried again, after the last event that was told', () => {
  const { seen, end } = follow('/api/events/stream?about=1');
  HandMoved.opened[0]?.dispatchEvent(new Event('open'));
  HandMoved.opened[0]?.tell('first', '41');
  HandMoved.opened[0]?.lose(true);

  vi.advanceTimersByTime(10_000);
  HandMoved.opened[1]?.dispatchEvent(new Event('open'));
  HandMoved.opened[1]?.tell('second', '42');

  expect(seen).toEqual(['opened', 'first', 'refused', 'opened', 'second']);
  expect(HandMoved.opened.map(({ address }) => address)).toEqual([
    '/api/events/stream?about=1',
    '/api/events/stream?about=1&after=41',
  ]);
  end();
});

test('a lost connection is left to the browser, and an ended stream is not opened again', () => {
  const { seen, end } = follow('/api/pipeline/stream');
  HandMoved.opened[0]?.lose(false);
  vi.advanceTimersByTime(10_000);
  HandMoved.opened[0]?.lose(true);

  end();
  vi.advanceTimersByTime(10_000);

  expect(seen).toEqual(['lost', 'refused']);
  expect(HandMoved.opened).toHaveLength(1);
});
