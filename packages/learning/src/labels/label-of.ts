import type { ClassRule, SourceLabels, Task } from '@xvision/contracts';
import { seedLabel } from './seed-label.js';

/**
 * The class of an image under a task, as its place in `task.classes`; undefined where nothing is known, which means
 * that the image takes no part (unknown is never read as absent). A CSV label equal to a class name goes before all
 * rules; then the first class whose rule matches.
 */
export function labelOf(task: Task, labels: SourceLabels): number | undefined {
  const named = task.classes.findIndex(({ name }) => name === labels.label);
  if (named >= 0) return named;
  const matches = task.labelRule === 'seed' ? seedMatcher(labels) : (rule: ClassRule) => matchesRule(rule, labels);
  const found = task.classes.findIndex(({ rule }) => matches(rule));
  return found < 0 ? undefined : found;
}

/** CSV labels that name no class of the task, each once, sorted: what a person should read before training. */
export function labelsOutside(task: Task, everyLabels: Iterable<SourceLabels>): string[] {
  const names = new Set(task.classes.map(({ name }) => name));
  const outside = new Set<string>();
  for (const { label } of everyLabels) {
    if (label !== undefined && !names.has(label)) outside.add(label);
  }
  return [...outside].sort();
}

function matchesRule(rule: ClassRule, { mesh, findings }: SourceLabels): boolean {
  const terms = lowerCase(mesh ?? []);
  switch (rule.kind) {
    case 'mesh-contains':
      return rule.anyOf.some((part) => terms.some((term) => term.includes(part.toLowerCase())));
    case 'mesh-exactly':
      return sameSet(terms, lowerCase(rule.terms));
    case 'mesh-none-of':
      return terms.length > 0 && !lowerCase(rule.terms).some((term) => terms.includes(term));
    case 'finding':
      return findings?.[rule.name] === rule.is;
    case 'label-only':
      return false;
    default:
      return rule satisfies never;
  }
}

/** Under rule `seed` the terms of a class are whole seed labels: `calcinosisnodule` is not `nodule` unless named. */
function seedMatcher({ mesh }: SourceLabels): (rule: ClassRule) => boolean {
  if (mesh === undefined) return () => false;
  const label = seedLabel(mesh);
  return (rule) => {
    if (rule.kind === 'mesh-contains') return rule.anyOf.includes(label);
    if (rule.kind === 'mesh-exactly') return rule.terms.includes(label);
    return false;
  };
}

/** Trimmed as well: Open-i's own lists hold terms with a trailing space. */
function lowerCase(terms: readonly string[]): string[] {
  return terms.map((term) => term.trim().toLowerCase());
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const [one, other] = [new Set(left), new Set(right)];
  return one.size === other.size && [...one].every((term) => other.has(term));
}
