import type { ModelTrust } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { connectApi } from '../api-client.js';
import { trustIn, trustLine } from './trust-in.js';

const failed: ModelTrust = {
  modelId: '0199c7e2-6f6e-7000-8000-000000000000',
  class: 'nodule',
  unexplainable: null,
  verdicts: [
    {
      method: 'deconvnet',
      verdict: 'failed',
      sentence: 'not evidence: deconvnet failed randomisation',
      studyId: '0199c7e2-6f6e-7000-8000-000000000001',
      images: 8,
      tests: [],
      cascade: [],
    },
  ],
  notice: 'Research use only; not a medical device',
};

const nowhere = connectApi({ url: 'http://127.0.0.1:1', signal: new AbortController().signal, note: () => undefined });
/** An API that knows this card only. */
const api: typeof nowhere = { ...nowhere, get: async (_path, schema) => schema.parse(failed) };
const asked = { id: failed.modelId, className: 'nodule', method: 'deconvnet' as const };

test('a method that failed its tests is refused with the reason, unless asked for anyway', async () => {
  await expect(trustIn(api, asked, false)).rejects.toThrow(
    'not evidence: deconvnet failed randomisation. No map was drawn; add --anyway to see it struck out',
  );
  expect(await trustIn(api, asked, true)).toMatchObject({ verdict: 'failed', images: 8 });
});

test('a model of which no map can be drawn is refused with the reason', async () => {
  const logistic: ModelTrust = { ...failed, verdicts: [], unexplainable: 'the model is a logistic regression' };
  const ofLogistic: typeof nowhere = { ...nowhere, get: async (_path, schema) => schema.parse(logistic) };

  await expect(trustIn(ofLogistic, asked, true)).rejects.toThrow('the model is a logistic regression');
});

test('each verdict is said under the map in its own words', () => {
  expect(trustLine({ verdict: 'failed', sentence: 'not evidence: it failed', images: 8 })).toBe(
    'Not evidence: it failed. The pictures are struck out.',
  );
  expect(trustLine({ verdict: 'untested', sentence: 'not evidence: untested', images: null })).toBe(
    'Not evidence: untested.',
  );
  expect(trustLine({ verdict: 'passed', sentence: 'grad-cam passed', images: 8 })).toContain(
    'whether the model is right is another question',
  );
});
