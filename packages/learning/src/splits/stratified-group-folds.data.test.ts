import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { stratifiedGroupFolds } from './stratified-group-folds.js';

const shared = sharedFolder();

interface Oracle {
  readonly label: number[];
  readonly patient: string[];
  readonly fold_by_rep: number[][];
}

describe.skipIf(shared === undefined)('the folds behind the published tables', () => {
  test.each(['jsrt128', 'kermany'])('%s: every image of five repeats is in the fold of the oracle', async (name) => {
    const file = path.join(shared ?? '', 'oracles/training/folds.json');
    const oracle = (JSON.parse(await readFile(file, 'utf8')) as Record<string, Oracle>)[name];
    const members = oracle!.label.map((label, index) => ({ label, patient: oracle!.patient[index]! }));

    const folds = oracle!.fold_by_rep.map((_, repeat) => [...stratifiedGroupFolds(members, 5, repeat)]);

    expect(folds).toEqual(oracle!.fold_by_rep);
  });
});
