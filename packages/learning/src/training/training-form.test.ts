import { describe, expect, test } from 'vitest';
import { chooseForm, type FormNeeds } from './training-form.js';

const laptop: FormNeeds = {
  images: 180,
  width: 25_088,
  epochs: 20,
  networks: 30,
  threads: 2,
  memoryBytes: 8e9,
};

describe('the form in which networks are trained', () => {
  test('is dual where there are fewer images than features', () => {
    expect(chooseForm(laptop)).toEqual({ form: 'dual', reason: 'dual form, N = 180 < D = 25,088' });
  });

  test('is dual as long as that is cheaper, also with more images than features', () => {
    const { form, reason } = chooseForm({ ...laptop, images: 40_000, memoryBytes: 1e12 });

    expect(form).toBe('dual');
    expect(reason).toMatch(/^dual form: at N = 40,000 images the ordinary one costs 1\.\d times as much$/);
  });

  test('is ordinary where the products of the images do not fit into memory, and says how much is missing', () => {
    const { form, reason } = chooseForm({ ...laptop, images: 70_000 });

    expect(form).toBe('ordinary');
    expect(reason).toBe(
      'ordinary form: the products of N = 70,000 images with each other take 58.8 GB, more than the 8.0 GB there are for them',
    );
  });

  test('is ordinary where it is cheaper', () => {
    const { form, reason } = chooseForm({ ...laptop, images: 100_000, memoryBytes: 1e12 });

    expect(form).toBe('ordinary');
    expect(reason).toMatch(/^ordinary form: at N = 100,000 images it costs 0\.\d\d of the dual one$/);
  });

  test('is the one that is asked for', () => {
    expect(chooseForm({ ...laptop, asked: 'ordinary' })).toEqual({
      form: 'ordinary',
      reason: 'ordinary form, as asked for',
    });
  });
});
