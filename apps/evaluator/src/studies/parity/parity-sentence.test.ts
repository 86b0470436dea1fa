import { type Estimate, type ParityArm, SEED_FAULTS, type SeedFault } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { paritySentence } from './parity-sentence.js';

const arm = (name: string, faults: SeedFault[], difference: Estimate): ParityArm => ({
  arm: name,
  faults,
  images: { train: 100, test: 50 },
  testedOfTrainedPatients: 0,
  auc: { value: 0.6, low: 0.5, high: 0.7 },
  accuracy: { value: 0.6, low: 0.5, high: 0.7 },
  difference,
});
const up = { value: 0.1, low: 0.02, high: 0.2 };
const down = { value: -0.1, low: -0.2, high: -0.02 };
const unclear = { value: 0.01, low: -0.1, high: 0.1 };

test('faults that move the AUC are named with their direction, the others are not', () => {
  const said = paritySentence([
    arm('only shared-images', ['shared-images'], up),
    arm('only lateral-views', ['lateral-views'], unclear),
    arm('only batch-moments', ['batch-moments'], down),
    arm('all faults', [...SEED_FAULTS], down),
  ]);

  expect(said).toBe(
    'On these test sets shared-images alone makes the AUC look higher; batch-moments alone makes it look lower. ' +
      'All together they take 0.100 from the AUC; no single one of them taken away undoes that.',
  );
});

test('where one fault taken away undoes what all do together, it is named', () => {
  const said = paritySentence([
    arm('all faults', ['fixed-order', 'batch-moments', 'lateral-views'], down),
    arm('all but fixed-order', ['batch-moments', 'lateral-views'], unclear),
    arm('all but batch-moments', ['fixed-order', 'lateral-views'], unclear),
    arm('all but lateral-views', ['fixed-order', 'batch-moments'], down),
  ]);

  expect(said).toContain(
    'All together they take 0.100 from the AUC; without fixed-order or without batch-moments the others do not.',
  );
});

test('where nothing can be told apart it says so', () => {
  const said = paritySentence([arm('only lateral-views', ['lateral-views'], unclear), arm('all faults', [], unclear)]);

  expect(said).toBe(
    'No fault alone can be told from none on these test sets. All together they cannot be told from none either.',
  );
});
