import type { Task } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { changedParts, draftOf, moved, newDraft, problemsOf, taskOf } from './draft.js';

const task: Task = {
  name: 'catheter',
  description: 'a catheter in place',
  classes: [
    { name: 'normal', rule: { kind: 'mesh-exactly', terms: ['normal'] } },
    { name: 'catheter', rule: { kind: 'mesh-contains', anyOf: ['catheters, indwelling', 'tube'] } },
    { name: 'effusion', rule: { kind: 'finding', name: 'effusion', is: 'absent' } },
    { name: 'other', rule: { kind: 'label-only' } },
  ],
  labelRule: 'classes',
  views: ['frontal', 'unknown'],
  split: { kind: 'holdout', testFraction: 0.25 },
};

describe('a task in a form', () => {
  test('that nobody touched is the task, terms with commas and absent findings too', () => {
    expect(taskOf(draftOf(task))).toEqual(task);
    const folded: Task = { ...task, split: { kind: 'cross-validation', folds: 4, repeats: 3 } };
    expect(taskOf(draftOf(folded))).toEqual(folded);
  });

  test('that is new has no name and no second class yet, and says so', () => {
    expect(problemsOf(newDraft())).toEqual([
      'Give the task a name: lower-case letters, digits and hyphens.',
      'Give every class a name.',
    ]);
    expect(taskOf(newDraft())).toBeNull();
  });

  test.each([
    ['no class twice', { classes: [draftOf(task).classes[0], draftOf(task).classes[0]] }, 'Class names must differ.'],
    ['two classes', { classes: draftOf(task).classes.slice(1, 2) }, 'A task tells at least two classes apart.'],
    ['a view', { views: [] }, 'Choose at least one view.'],
    ['whole folds', { split: { ...draftOf(task).split, kind: 'cross-validation', folds: '2.5' } }, /2 to 20 folds/],
    ['a share', { split: { ...draftOf(task).split, testFraction: '1' } }, /between 0 and 1/],
  ])('needs %s', (_what, change, words) => {
    const draft = { ...draftOf(task), ...change } as ReturnType<typeof draftOf>;

    expect(problemsOf(draft)).toEqual([expect.stringMatching(words)]);
    expect(taskOf(draft)).toBeNull();
  });

  test('needs the words of a rule, and names the class that lacks them', () => {
    const draft = draftOf(task);
    const classes = draft.classes.map((one) => ({ ...one, words: ' ; ' }));

    expect(problemsOf({ ...draft, classes })).toContain('Say by which terms “catheter” is recognised.');
  });

  test('keeps its other classes in order when one is moved, and at an end it stays', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  });

  test('tells what another version has otherwise', () => {
    const [first, ...others] = task.classes;
    const renamed = { ...task, classes: [{ ...first, name: 'healthy' }, ...others] } as Task;

    expect(changedParts(task, { ...task, views: ['unknown', 'frontal'] })).toEqual([]);
    expect(changedParts(task, { ...renamed, views: ['lateral'] })).toEqual(['Classes', 'Views']);
  });
});
