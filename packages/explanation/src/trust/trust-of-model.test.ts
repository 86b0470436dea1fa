import type { TrustCardResult } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { trustOfModel } from './trust-of-model.js';

function aCard(verdict: 'passed' | 'failed', changes: Partial<TrustCardResult> = {}): TrustCardResult {
  return {
    kind: 'trust-card',
    task: 'nodule',
    head: 'seed-ensemble',
    class: 'nodule',
    synthetic: false,
    untrainedBackbone: false,
    images: 8,
    located: 0,
    methods: [{ method: 'grad-cam', verdict, sentence: verdict, tests: [], cascade: [] }],
    verdict: '',
    notice: 'Research use only; not a medical device',
    ...changes,
  };
}

const ensemble = { id: 'm', head: 'seed-ensemble' } as const;

const verdictOf = (cards: Parameters<typeof trustOfModel>[2]) =>
  trustOfModel(ensemble, 'nodule', cards).verdicts.find(({ method }) => method === 'grad-cam');

describe('what is known of the maps of a model', () => {
  test('without a card every method is untested and no evidence', () => {
    const { verdicts } = trustOfModel(ensemble, 'nodule', []);

    expect(verdicts).toHaveLength(7);
    expect(
      verdicts.every(({ verdict, sentence }) => verdict === 'untested' && sentence.startsWith('not evidence')),
    ).toBe(true);
  });

  test('the newest card that tested a method decides', () => {
    const cards = [
      { studyId: 'new', card: aCard('failed') },
      { studyId: 'old', card: aCard('passed') },
    ];

    expect(verdictOf(cards)).toMatchObject({ verdict: 'failed', studyId: 'new', images: 8 });
    expect(verdictOf([{ studyId: 'newest', card: aCard('passed', { methods: [] }) }, ...cards])?.studyId).toBe('new');
  });

  test('of a logistic regression no map can be drawn: no method is offered, and why is said', () => {
    const trust = trustOfModel({ id: 'm', head: 'logistic' }, 'nodule', []);

    expect(trust.verdicts).toEqual([]);
    expect(trust.unexplainable).toContain('--head seed-mlp or seed-ensemble');
    expect(trustOfModel(ensemble, 'nodule', []).unexplainable).toBeNull();
  });

  test('a card of another class says nothing about this one', () => {
    expect(verdictOf([{ studyId: 'x', card: aCard('passed', { class: 'normal' }) }])?.verdict).toBe('untested');
  });
});
