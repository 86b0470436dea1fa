import type { ProofLink } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { describeLink, proofOf } from './prove.js';

const run = '0199c7e2-6f6e-7000-8000-000000000000';
const held: ProofLink = { level: 'model', of: 'model m', imageId: null, expected: 'a', found: 'a', problem: null };
const original: ProofLink = { ...held, level: 'original', of: 'the original of a.png', found: 'b', problem: 'altered' };
const features: ProofLink = { ...original, level: 'features', of: 'the feature row of b.png' };

describe('the proof of a run', () => {
  test('holds where every link holds', () => {
    expect(proofOf(run, [held])).toMatchObject({ holds: true, firstBroken: null });
  });

  test('names first what stands nearest to the report, whichever image came first', () => {
    expect(proofOf(run, [held, original, features])).toMatchObject({ holds: false, firstBroken: features });
  });

  test('training again is a level of its own, where it was asked for, and comes after what is hashed', () => {
    const trained: ProofLink = { ...original, level: 'training', of: 'test scores of repeat 0, fold 1' };

    expect(proofOf(run, [held]).levels.map(({ level }) => level)).not.toContain('training');
    expect(proofOf(run, [held, trained])).toMatchObject({ holds: false, firstBroken: trained });
    expect(proofOf(run, [trained, features])).toMatchObject({ firstBroken: features });
  });

  test('a broken link is told with its image, what was expected and what was found', () => {
    expect(describeLink({ ...original, imageId: run })).toBe(
      `original: the original of a.png (image ${run})\n  expected sha256  a\n  found            b\n  altered`,
    );
  });

  test('a link that compares values, not bytes, is told without hashes', () => {
    expect(describeLink({ ...original, expected: null, found: null })).toBe(
      'original: the original of a.png\n  altered',
    );
  });
});
