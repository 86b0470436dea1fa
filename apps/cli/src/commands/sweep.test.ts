import { describe, expect, test } from 'vitest';
import type { Context } from '../context.js';
import { makeOutput } from '../output.js';
import { runProgram } from '../program.js';
import { describeSweep, type SweepOutcome } from './sweep.js';

const outcome = {
  report: {
    run: '0199c7e2-6f6e-7000-8000-000000000000',
    model: '0199c7e2-6f6e-7000-8000-000000000001',
    task: 'nodule',
    synthetic: false,
    engine: 'onnx-cpu',
    weights: 'a'.repeat(64),
    untrainedBackbone: false,
    head: 'seed-mlp',
    seed: 1,
    dataset: 'b'.repeat(64),
    counts: { collected: 4, prepared: 4, rejected: 0, extracted: 4, train: 4, test: 4 },
    metrics: {
      auc: { value: 0.75, low: 0.5, high: 0.9 },
      withinFoldAuc: 0.75,
      accuracy: { value: 0.75, low: 0.5, high: 0.9 },
      brier: { value: 0.2, low: 0.1, high: 0.3 },
      classes: ['normal', 'nodule'],
      confusion: [
        [2, 0],
        [1, 1],
      ],
      perClass: [],
      baseline: null,
      warnings: [],
    },
    notice: 'Research use only; not a medical device',
  },
  delivered: { seed: 1, epochs: 20, batchSize: 20, learningRate: 0.01, momentum: 0, weightDecay: 0 },
  sweep: [
    { learningRate: 0.001, weightDecay: 0, seed: 1, innerAuc: 0.61, chosenIn: 1 },
    { learningRate: 0.01, weightDecay: 0, seed: 1, innerAuc: 0.72, chosenIn: 4 },
  ],
} satisfies SweepOutcome;

async function refusal(...given: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const stream = { isTTY: false, write: (text: string) => Boolean((said += text)) } as unknown as NodeJS.WriteStream;
  const context: Context = {
    environment: {},
    output: makeOutput({ json: false, stdout: stream, stderr: stream }),
    stderr: stream,
    interrupted: new AbortController().signal,
  };
  return { code: await runProgram(['sweep', '--task', 'nodule', ...given], context), said };
}

describe('the sweep', () => {
  test('shows every setting, marks the delivered one, and says which numbers may be reported', () => {
    const text = describeSweep(outcome);

    const marked = text.split('\n').filter((line) => line.includes('delivered'));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toMatch(/0\.01\s+0\s+1\s+0\.720\s+4/);
    expect(text).toContain('too good to report');
    expect(text).toContain('Research use only; not a medical device');
  });

  test('one setting is no sweep', async () => {
    expect(await refusal('--lr', '0.01', '0.01')).toMatchObject({
      code: 2,
      said: expect.stringContaining('more than one'),
    });
  });

  test('too few folds to nest, and a head that nothing is swept of, are wrong usage', async () => {
    const few = await refusal('--lr', '0.01', '0.02', '--cv', '2');
    expect(few).toMatchObject({ code: 2, said: expect.stringContaining('at least 3 folds') });
    expect((await refusal('--lr', '0.01', '0.02', '--head', 'logistic')).code).toBe(2);
  });
});
