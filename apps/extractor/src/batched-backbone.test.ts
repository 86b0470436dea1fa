import { EngineLostError, INPUT_LENGTH } from '@xvision/backbone';
import { describe, expect, test } from 'vitest';
import { batched } from './batched-backbone.js';

const image = new Uint8Array(INPUT_LENGTH);

describe('an engine behind the extractor', () => {
  test('that is lost ends the process instead of failing every further image', async () => {
    const told: string[] = [];
    const vgg16 = { pool5: () => Promise.reject(new EngineLostError("the engine's thread ended with code 1")) };
    const pool5 = batched(vgg16, { maxBatch: 1, onLost: (error) => told.push(error.message) });

    await expect(pool5(image)).rejects.toThrow(EngineLostError);

    expect(told).toEqual(["the engine's thread ended with code 1"]);
  });

  test('that refuses one image goes on with the others', async () => {
    const told: string[] = [];
    const vgg16 = { pool5: () => Promise.reject(new Error('not this one')) };
    const pool5 = batched(vgg16, { maxBatch: 1, onLost: (error) => told.push(error.message) });

    await expect(pool5(image)).rejects.toThrow('not this one');

    expect(told).toEqual([]);
  });
});
