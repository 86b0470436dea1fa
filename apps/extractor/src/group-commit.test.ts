import { describe, expect, test } from 'vitest';
import { GroupCommit } from './group-commit.js';

/** A group that notes its commits; `NEVER` lingers longer than any test. */
const NEVER = 1_000_000;

function aGroup(options: { most?: number; lingerMs?: number; fails?: (effects: readonly number[]) => boolean } = {}): {
  group: GroupCommit<number, string>;
  commits: number[][];
} {
  const commits: number[][] = [];
  const group = new GroupCommit<number, string>({
    most: options.most ?? 8,
    lingerMs: options.lingerMs ?? NEVER,
    async commit(effects) {
      commits.push([...effects]);
      if (options.fails?.(effects) === true) throw new Error(`cannot write ${effects.join(', ')}`);
      return effects.map((effect) => `done ${effect}`);
    },
  });
  return { group, commits };
}

/** A promise that the test settles. */
function aPromise(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<void>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

/** After the other images have come in hand. */
async function later(group: GroupCommit<number, string>, effect: number): Promise<string> {
  await Promise.resolve();
  return await group.add(effect);
}

describe('a group commit', () => {
  test('does not let an image wait that is alone in hand', async () => {
    const { group, commits } = aGroup();

    expect(await group.whileInHand(() => group.add(1))).toBe('done 1');

    expect(commits).toEqual([[1]]);
  });

  test('writes at once what all images in hand came to, each with its own outcome', async () => {
    const { group, commits } = aGroup();

    const outcomes = await Promise.all([1, 2, 3].map((n) => group.whileInHand(() => later(group, n))));

    expect(outcomes).toEqual(['done 1', 'done 2', 'done 3']);
    expect(commits).toEqual([[1, 2, 3]]);
  });

  test('is made when enough wait, however many are in hand', async () => {
    const { group, commits } = aGroup({ most: 2 });
    const slow = aPromise();
    const working = group.whileInHand(() => slow.promise);

    await Promise.all([1, 2].map((n) => group.whileInHand(() => group.add(n))));

    expect(commits).toEqual([[1, 2]]);
    slow.resolve();
    await working;
  });

  test('is made when an image in hand comes to nothing and the others waited for it', async () => {
    const { group, commits } = aGroup();
    const slow = aPromise();
    const failing = group.whileInHand(() => slow.promise);
    const waiting = group.whileInHand(() => group.add(1));

    slow.reject(new Error('no image'));

    await expect(failing).rejects.toThrow('no image');
    expect(await waiting).toBe('done 1');
    expect(commits).toEqual([[1]]);
  });

  test('is made after its time when the others take long', async () => {
    const { group } = aGroup({ lingerMs: 1 });
    const slow = aPromise();
    const working = group.whileInHand(() => slow.promise);

    expect(await group.whileInHand(() => group.add(1))).toBe('done 1');

    slow.resolve();
    await working;
  });

  test('that fails is tried one by one, so that one effect cannot fail its mates', async () => {
    const { group } = aGroup({ fails: (effects) => effects.includes(2) });

    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => group.whileInHand(() => later(group, n))));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
