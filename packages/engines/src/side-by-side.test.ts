import { describe, expect, test } from 'vitest';
import type { Session } from './session.js';
import { sideBySide } from './side-by-side.js';
import { tensor } from './tensor.js';

const feeds = { x: tensor('float32', [1], Float32Array.of(1)) };

/** Answers when it is told to, and notes who was asked. */
function aGatedSession(name: string, asked: string[]): { session: Session; answer: () => void; closed: () => boolean } {
  const waiting: (() => void)[] = [];
  let closed = false;
  const session: Session = {
    inputs: ['x'],
    outputs: ['y'],
    run: () => {
      asked.push(name);
      return new Promise((resolve) => {
        waiting.push(() => resolve({}));
      });
    },
    describe: () => ({ engine: 'onnx-cpu', library: 'a library', device: 'cpu', threads: 1 }),
    [Symbol.asyncDispose]: async () => {
      closed = true;
    },
  };
  return { session, answer: () => waiting.shift()?.(), closed: () => closed };
}

describe('sessions side by side', () => {
  test('a run goes to the session that has the least in hand', async () => {
    const asked: string[] = [];
    const [first, second] = [aGatedSession('first', asked), aGatedSession('second', asked)];
    const both = sideBySide([first.session, second.session]);

    const runs = [both.run(feeds), both.run(feeds)];
    second.answer();
    await runs[1];
    runs.push(both.run(feeds));

    expect(asked).toEqual(['first', 'second', 'second']);
    first.answer();
    second.answer();
    await Promise.all(runs);
  });

  test('a run that fails leaves its session free for the next', async () => {
    const asked: string[] = [];
    const other = aGatedSession('other', asked);
    const failing: Session = {
      ...other.session,
      run: () => {
        asked.push('failing');
        return Promise.reject(new Error('no such input'));
      },
    };
    const both = sideBySide([failing, other.session]);

    await expect(both.run(feeds)).rejects.toThrow('no such input');
    await expect(both.run(feeds)).rejects.toThrow('no such input');

    expect(asked).toEqual(['failing', 'failing']);
  });

  test('says how many there are, and closes them all', async () => {
    const [first, second] = [aGatedSession('first', []), aGatedSession('second', [])];
    const both = sideBySide([first.session, second.session]);

    expect(both.describe()).toMatchObject({ threads: 1, copies: 2 });
    await both[Symbol.asyncDispose]();

    expect([first.closed(), second.closed()]).toEqual([true, true]);
  });
});
