import { taskSchema } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { labelOf, labelsOutside } from './label-of.js';
import { presetTasks } from './preset-tasks.js';

const { nodule, abnormal, seed } = presetTasks as Required<typeof presetTasks>;

describe('labelOf', () => {
  test('a record that says normal and nothing else is normal', () => {
    expect(labelOf(nodule!, { mesh: ['normal'] })).toBe(0);
  });

  test('any term naming a nodule makes an image positive, whatever else is there', () => {
    expect(labelOf(nodule!, { mesh: ['Opacity/lung', 'Nodule/lung/apex/right'] })).toBe(1);
  });

  test('another finding takes no part in the nodule task', () => {
    expect(labelOf(nodule!, { mesh: ['Cardiomegaly/mild'] })).toBeUndefined();
  });

  test('nothing known is unknown, never absent', () => {
    expect(labelOf(nodule!, {})).toBeUndefined();
    expect(labelOf(abnormal!, { mesh: [] })).toBeUndefined();
  });

  test('records that nobody judged are neither normal nor abnormal, trailing spaces of the source included', () => {
    expect(labelOf(abnormal!, { mesh: ['No Indexing'] })).toBeUndefined();
    expect(labelOf(abnormal!, { mesh: ['Technical Quality of Image Unsatisfactory '] })).toBeUndefined();
    expect(labelOf(abnormal!, { mesh: ['Scoliosis'] })).toBe(1);
  });

  test('a CSV label equal to a class name counts as that class before any rule', () => {
    expect(labelOf(nodule!, { label: 'nodule', mesh: ['normal'] })).toBe(1);
  });

  test('a finding column decides by its value, and unknown decides nothing', () => {
    const task = taskSchema.parse({
      name: 'effusion',
      classes: [
        { name: 'no', rule: { kind: 'finding', name: 'effusion', is: 'absent' } },
        { name: 'yes', rule: { kind: 'finding', name: 'effusion', is: 'present' } },
      ],
    });

    expect(labelOf(task, { findings: { effusion: 'present' } })).toBe(1);
    expect(labelOf(task, { findings: { effusion: 'absent' } })).toBe(0);
    expect(labelOf(task, { findings: { effusion: 'unknown' } })).toBeUndefined();
  });

  test('under the seed rule a class is a whole concatenated label, with its fault about abnormal', () => {
    expect(labelOf(seed!, { mesh: ['Calcinosis/lung', 'Nodule/lung'] })).toBe(1);
    expect(labelOf(seed!, { mesh: ['Opacity', 'Nodule/lung'] })).toBeUndefined();
    expect(labelOf(seed!, { mesh: ['Pleura/abnormal'] })).toBe(0);
  });
});

test('CSV labels outside the task are named once each', () => {
  const labels = [{ label: 'tumour' }, { label: 'normal' }, { label: 'mass' }, { label: 'tumour' }, {}];

  expect(labelsOutside(nodule!, labels)).toEqual(['mass', 'tumour']);
});
