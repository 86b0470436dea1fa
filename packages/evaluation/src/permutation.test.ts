import { describe, expect, test } from 'vitest';
import { permutationP, permuteLabelsByPatient } from './permutation.js';
import { seededRandom } from './random.js';

const patients = Array.from({ length: 60 }, (_, i) => `patient ${Math.floor(i / 2)}`);
const labels = patients.map((_, i) => (Math.floor(i / 2) % 3 === 0 ? 1 : 0));

describe('permuteLabelsByPatient', () => {
  test('keeps the images of a patient together and the number of positives', () => {
    const permuted = permuteLabelsByPatient(labels, patients, 4);

    expect(permuted).not.toEqual(labels);
    for (let i = 0; i < permuted.length; i += 2) expect(permuted[i]).toBe(permuted[i + 1]);
    expect(permuted.filter((label) => label === 1)).toHaveLength(20);
    expect(permuteLabelsByPatient(labels, patients, 4)).toEqual(permuted);
  });
});

describe('permutationP', () => {
  test('is small for a skilled score and large for one that knows nothing', () => {
    const random = seededRandom(8);
    const skilled = labels.map((label) => label + random.below(100) / 60);
    const blind = patients.map(() => random.below(1000));

    expect(permutationP({ labels, patients, scores: skilled }, { permutations: 199 })).toBeLessThan(0.02);
    expect(permutationP({ labels, patients, scores: blind }, { permutations: 199 })).toBeGreaterThan(0.05);
    expect(permutationP({ labels: labels.map(() => 1), patients, scores: blind })).toBeNull();
  });
});
