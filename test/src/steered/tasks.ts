import type { Task, TaskDetail, TaskPreview } from '@xvision/contracts';
import { type Amount, type Answers, AT, classesOf, many, pageOf, THE_ID } from './amount.js';

/** What the API tells of tasks. */
export function taskAnswers(amount: Amount): Answers {
  return [
    [/^\/api\/tasks$/, pageOf(many(amount, (n) => taskOf(amount, `task-${n}`), 100))],
    [/^\/api\/tasks\/preview$/, previewOf(amount)],
    [/^\/api\/tasks\/[^/]+$/, taskDetailOf(amount)],
  ];
}

export function taskOf(amount: Amount, name: string): Task {
  return {
    name,
    description: amount.words('what it asks'),
    classes: classesOf(amount).map((one) => ({
      name: one,
      rule: { kind: 'mesh-contains', anyOf: [amount.words('term')] },
    })),
    labelRule: 'classes',
    views: ['frontal', 'unknown'],
    split: { kind: 'cross-validation', folds: 5, repeats: 1 },
  };
}

function taskDetailOf(amount: Amount): TaskDetail {
  const task = taskOf(amount, 'nodule');
  const classes = classesOf(amount);
  return {
    task,
    preset: true,
    versions: Array.from({ length: Math.min(amount.items, 20) }, (_, n) => ({
      version: n + 1,
      task,
      savedBy: amount.words('somebody'),
      createdAt: AT,
    })),
    datasets: Array.from({ length: Math.min(amount.items, 20) }, (_, n) => ({
      sha256: String(n).padStart(64, '0'),
      images: amount.count,
      patients: amount.count,
      perClass: Object.fromEntries(classes.map((name) => [name, amount.count])),
      leaks: [amount.words('two patients are in both')],
      createdAt: AT,
    })),
  };
}

function previewOf(amount: Amount): TaskPreview {
  const images = amount.items === 0 ? 0 : amount.count;
  return {
    images,
    otherViews: images,
    unlabelled: { images, examples: [] },
    classes: classesOf(amount).map((name) => ({ name, images, examples: amount.items === 0 ? [] : [THE_ID] })),
    changes: amount.items === 0 ? [] : classesOf(amount).map((from) => ({ from, to: null, images, examples: [] })),
  };
}
