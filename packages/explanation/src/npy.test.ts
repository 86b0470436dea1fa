import { describe, expect, test } from 'vitest';
import { npyHeader } from './npy.js';

describe('npyHeader', () => {
  test('the values start at a multiple of 64 bytes, whatever the shape', () => {
    for (const rows of [0, 1, 244, 7_469, 100_000]) expect(npyHeader([rows, 25_088]).length % 64).toBe(0);
  });

  test('the header is the dictionary that NumPy reads', () => {
    const header = npyHeader([3, 25_088]);

    expect(header.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
    expect(header.readUInt16LE(8)).toBe(header.length - 10);
    expect(header.subarray(10).toString('latin1').trim()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 25088), }",
    );
    expect(header.at(-1)).toBe('\n'.charCodeAt(0));
  });
});
