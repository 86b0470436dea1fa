import { describe, expect, test } from 'vitest';
import { describeLeaks, findLeaks } from './find-leaks.js';

const member = (imageId: string, patient: string, sha256: string) => ({ imageId, patient, sha256 });

describe('findLeaks', () => {
  test('sets that share nothing leak nothing', () => {
    expect(findLeaks([member('a', 'p1', 'x')], [member('b', 'p2', 'y')])).toEqual([]);
  });

  test('a shared patient, picture or image is named with one image of each side', () => {
    const leaks = findLeaks(
      [member('a', 'p1', 'x'), member('c', 'p3', 'z')],
      [member('b', 'p1', 'y'), member('d', 'p4', 'z')],
    );

    expect(leaks).toEqual([
      { kind: 'patient', value: 'p1', trainImage: 'a', testImage: 'b' },
      { kind: 'sha256', value: 'z', trainImage: 'c', testImage: 'd' },
    ]);
    expect(describeLeaks(leaks)).toContain('the patient p1 (images a and b)');
  });

  test('many leaks are counted, not listed', () => {
    const same = Array.from({ length: 9 }, (_, index) => member(`i${index}`, `p${index}`, `s${index}`));

    expect(describeLeaks(findLeaks(same, same))).toMatch(/and 22 more$/);
  });
});
