import type { Fingerprint } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { samePictures, sharedIdentities } from './find-leaking-pairs.js';

const id = (n: number) => `0199c7e2-6f6e-7000-8000-00000000000${n}`;

function anImage(n: number, change: Partial<Fingerprint> = {}): Fingerprint {
  return {
    imageId: id(n),
    file: `${n}.png`,
    collection: 'folder/mine',
    patient: `patient-${n}`,
    view: 'frontal',
    labels: {},
    preparedSha256: String(n).repeat(64),
    perceptualHash: '0f1e2d3c4b5a6978'.replaceAll(/./g, (digit, place: number) =>
      ((Number.parseInt(digit, 16) + n * (place + 3)) % 16).toString(16),
    ),
    featureSha256: null,
    folds: [n % 2],
    ...change,
  };
}

describe('what a run trains on and tests at once', () => {
  test('is nothing where patients stay in their folds and pictures differ', () => {
    const images = [anImage(1), anImage(2), anImage(3), anImage(4)];

    expect([...sharedIdentities(images), ...samePictures(images, 8)]).toEqual([]);
  });

  test('is a patient in two folds, said once whatever the number of folds and repeats', () => {
    const images = [anImage(1, { patient: 'p', folds: [0, 1] }), anImage(2, { patient: 'p', folds: [1, 0] })];

    expect(sharedIdentities(images)).toMatchObject([{ kind: 'patient', detail: 'p' }]);
  });

  test('is an image that is trained on always and tested as well, as in the published split', () => {
    const images = [anImage(1, { folds: [-1] }), anImage(1, { folds: [0] }), anImage(2, { folds: [0] })];

    expect(sharedIdentities(images).map(({ kind }) => kind)).toEqual(['image', 'patient']);
  });

  test('is a picture of another patient with equal or nearly equal pixels, in another fold only', () => {
    const { preparedSha256, perceptualHash } = anImage(1);
    const copy = { preparedSha256, perceptualHash };
    const near = { perceptualHash: `${(perceptualHash ?? '').slice(0, 15)}0` };
    const images = [anImage(1), anImage(2, copy), anImage(3, copy), anImage(4, near)];

    const found = samePictures(images, 8).map(({ kind, first, second }) => `${kind} ${first.file} ${second.file}`);

    expect(found).toEqual([
      'equal pixels 1.png 2.png',
      'near-duplicate 1.png 4.png',
      'equal pixels 2.png 3.png',
      'near-duplicate 3.png 4.png',
    ]);
  });
});

describe('what a task could part', () => {
  test('is equal pictures of two patients; pictures of one patient stay together', () => {
    const { preparedSha256, perceptualHash } = anImage(1);
    const copy = { preparedSha256, perceptualHash, folds: null };
    const images = [anImage(1, { folds: null }), anImage(2, copy), anImage(3, { ...copy, patient: 'patient-1' })];

    const found = samePictures(images, 8).map(({ first, second }) => `${first.file} ${second.file}`);

    expect(found).toEqual(['1.png 2.png', '2.png 3.png']);
  });
});
