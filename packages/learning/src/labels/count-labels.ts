import type { SourceLabels, Task } from '@xvision/contracts';
import { labelOf } from './label-of.js';
import { seedLabel } from './seed-label.js';

/** What is counted of a record: the Open-i dump's own shape. */
export interface LabelledRecord {
  readonly items: readonly string[];
}

export interface LabelCounts {
  readonly records: number;
  /** Most frequent first, then by name. */
  readonly labels: Record<string, number>;
}

/** The name under which a task counts records that belong to none of its classes. */
export const NO_CLASS = 'none';

/** Counts records by the seed's label rule, or by the classes of a task. */
export function countLabels(records: Iterable<LabelledRecord>, rule: 'seed' | Task): LabelCounts {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { items } of records) {
    const label = rule === 'seed' ? seedLabel(items) : className(rule, { mesh: [...items] });
    counts.set(label, (counts.get(label) ?? 0) + 1);
    total += 1;
  }
  const sorted = [...counts].sort(([left, n], [right, m]) => m - n || (left < right ? -1 : 1));
  return { records: total, labels: Object.fromEntries(sorted) };
}

function className(task: Task, labels: SourceLabels): string {
  const label = labelOf(task, labels);
  return label === undefined ? NO_CLASS : (task.classes[label]?.name ?? NO_CLASS);
}
