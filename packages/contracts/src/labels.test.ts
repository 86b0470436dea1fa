import { describe, expect, test } from 'vitest';
import { taskSchema } from './labels.js';

const classes = [
  { name: 'normal', rule: { kind: 'mesh-exactly', terms: ['normal'] } },
  { name: 'nodule', rule: { kind: 'mesh-contains', anyOf: ['nodule'] } },
];

describe('a task', () => {
  test('is frontal or unknown view and five-fold cross-validation unless told', () => {
    expect(taskSchema.parse({ name: 'mine', classes })).toMatchObject({
      views: ['frontal', 'unknown'],
      split: { kind: 'cross-validation', folds: 5, repeats: 1 },
      labelRule: 'classes',
    });
  });

  test.each([
    ['one class', { name: 'mine', classes: classes.slice(0, 1) }],
    ['two classes of one name', { name: 'mine', classes: [classes[0], classes[0]] }],
    ['a name that is no file name', { name: 'My task!', classes }],
    ['a split into one fold', { name: 'mine', classes, split: { kind: 'cross-validation', folds: 1 } }],
    ['an unknown rule', { name: 'mine', classes: [classes[0], { name: 'x', rule: { kind: 'guess' } }] }],
  ])('with %s is refused', (_, task) => {
    expect(taskSchema.safeParse(task).success).toBe(false);
  });
});
