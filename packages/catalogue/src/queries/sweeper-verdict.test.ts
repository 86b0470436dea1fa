import { describe, expect, test } from 'vitest';
import { type AwaitedCollection, verdict } from './sweeper-verdict.js';

function awaited(change: Partial<AwaitedCollection> = {}): AwaitedCollection {
  return {
    awaitedBy: 'run',
    name: 'radiographs',
    state: 'harvested',
    message: null,
    settled: true,
    weights: 'a',
    numerics: 'float32',
    neededWeights: null,
    neededNumerics: null,
    dead: 0,
    ...change,
  };
}

describe('what waits for collections', () => {
  test('may start when all of them are settled', () => {
    expect(verdict([awaited(), awaited()])).toEqual({ step: 'request', message: null });
  });

  test('waits for the one that is not', () => {
    expect(verdict([awaited(), awaited({ settled: false })])).toEqual({ step: 'wait', message: null });
  });

  test('says when only a person can help', () => {
    expect(verdict([awaited({ settled: false, dead: 2 })]).message).toMatch(
      /^waits for 2 images .*xvision dead-letters/,
    );
  });

  test('fails with the first collection that failed, even while others go on', () => {
    const failed = awaited({ name: 'b', state: 'failed', settled: false, message: 'no answer' });

    expect(verdict([awaited({ settled: false }), failed])).toEqual({
      step: 'fail',
      message: 'collection b failed: no answer',
    });
  });

  test('never mixes weights or numerics', () => {
    expect(verdict([awaited(), awaited({ name: 'b', weights: 'z' })]).step).toBe('fail');
    expect(verdict([awaited(), awaited({ name: 'b', numerics: 'int8-x' })]).message).toMatch(/collection b/);
    expect(verdict([awaited({ neededWeights: 'z', neededNumerics: 'float32' })]).step).toBe('fail');
  });

  test('a collection whose images were all rejected has no weights and mixes nothing', () => {
    expect(verdict([awaited(), awaited({ weights: null, numerics: null })]).step).toBe('request');
  });

  test('without any collection it fails', () => {
    expect(verdict([]).step).toBe('fail');
  });
});
