import type { LabelGroup } from '@xvision/catalogue';
import type { Task, TaskPreview } from '@xvision/contracts';
import { labelOf } from '@xvision/learning';

const EXAMPLES = 6;

interface Tally {
  images: number;
  readonly examples: string[];
}

/** Counts and examples of every class under a rule, and what another rule calls otherwise. */
export function previewTask(groups: readonly LabelGroup[], task: Task, against?: Task): TaskPreview {
  const classes = task.classes.map(({ name }) => ({ name, ...newTally() }));
  const unlabelled = newTally();
  const changes = new Map<string, { from: string | null; to: string | null } & Tally>();
  let otherViews = 0;
  for (const group of groups) {
    const label = labelOf(task, group.labels);
    if (!task.views.includes(group.view)) otherViews += group.images;
    else add(label === undefined ? unlabelled : (classes[label] ?? unlabelled), group);
    if (against === undefined) continue;
    const [from, to] = [classUnder(against, group), classUnder(task, group)];
    if (from === to) continue;
    const key = JSON.stringify([from, to]);
    const change = changes.get(key) ?? { from, to, ...newTally() };
    add(change, group);
    changes.set(key, change);
  }
  const images = groups.reduce((sum, group) => sum + group.images, 0);
  const sorted = [...changes.values()].sort((one, other) => other.images - one.images);
  return { images, otherViews, unlabelled, classes, changes: sorted };
}

const newTally = (): Tally => ({ images: 0, examples: [] });

function add(tally: Tally, { images, examples }: LabelGroup): void {
  tally.images += images;
  tally.examples.push(...examples.slice(0, Math.max(0, EXAMPLES - tally.examples.length)));
}

/** Null where it takes no part: of another view, or in no class. */
function classUnder(task: Task, { labels, view }: LabelGroup): string | null {
  const label = task.views.includes(view) ? labelOf(task, labels) : undefined;
  return label === undefined ? null : (task.classes[label]?.name ?? null);
}
