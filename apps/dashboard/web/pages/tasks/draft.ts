import type { ClassRule, Split, Task, View } from '@xvision/contracts';
import { text } from '../../texts/tasks.js';

/** A task as it stands in a form: half written, if need be. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly classes: readonly DraftClass[];
  readonly views: readonly View[];
  readonly split: DraftSplit;
}

export interface DraftClass {
  /** Stays when the class is renamed or moved. */
  readonly key: string;
  readonly name: string;
  readonly kind: ClassRule['kind'];
  /** Terms, or the name of a finding. */
  readonly words: string;
  /** Of a finding. */
  readonly is: 'present' | 'absent';
}

/** Numbers as they are typed. */
export interface DraftSplit {
  readonly kind: Split['kind'];
  readonly folds: string;
  readonly repeats: string;
  readonly testFraction: string;
}

export const VIEWS: readonly View[] = ['frontal', 'lateral', 'unknown'];

/** MeSH terms hold commas ("Catheters, Indwelling"), but no semicolons. */
const BETWEEN = ';';

export function draftOf(task: Task): Draft {
  return {
    name: task.name,
    description: task.description ?? '',
    classes: task.classes.map(({ name, rule }, place) => ({ key: `${place} ${name}`, name, ...wordsOf(rule) })),
    views: task.views,
    split: splitDraft(task.split),
  };
}

export function newDraft(): Draft {
  const split = { kind: 'cross-validation', folds: '5', repeats: '1', testFraction: '0.3' } as const;
  const classes = [newClass('0', text.firstClass), newClass('1')];
  return { name: '', description: '', classes, views: ['frontal', 'unknown'], split };
}

export const newClass = (key: string, name = ''): DraftClass => ({
  key,
  name,
  kind: 'label-only',
  words: '',
  is: 'present',
});

function wordsOf(rule: ClassRule): Pick<DraftClass, 'kind' | 'words' | 'is'> {
  const joined = (terms: readonly string[]) => ({
    kind: rule.kind,
    words: terms.join(`${BETWEEN} `),
    is: 'present' as const,
  });
  if (rule.kind === 'mesh-contains') return joined(rule.anyOf);
  if (rule.kind === 'mesh-exactly' || rule.kind === 'mesh-none-of') return joined(rule.terms);
  return rule.kind === 'finding' ? { kind: rule.kind, words: rule.name, is: rule.is } : joined([]);
}

function splitDraft(split: Split): DraftSplit {
  const { folds, repeats } = split.kind === 'cross-validation' ? split : { folds: 5, repeats: 1 };
  const testFraction = split.kind === 'holdout' ? split.testFraction : 0.3;
  return { kind: split.kind, folds: String(folds), repeats: String(repeats), testFraction: String(testFraction) };
}

/** Null while words are missing. */
function ruleOf({ kind, words, is }: DraftClass): ClassRule | null {
  if (kind === 'label-only') return { kind };
  if (kind === 'finding') return words.trim() === '' ? null : { kind, name: words.trim(), is };
  const terms = words
    .split(BETWEEN)
    .map((term) => term.trim())
    .filter((term) => term !== '');
  if (terms.length === 0) return null;
  return kind === 'mesh-contains' ? { kind, anyOf: terms } : { kind, terms };
}

/** What must be mended before it is a task, a sentence each; the API holds every task against the same. */
export function problemsOf(draft: Draft): string[] {
  const { name, classes, views } = draft;
  const names = classes.map((one) => one.name.trim());
  return [
    ...(/^[a-z0-9][a-z0-9-]{0,62}$/.test(name) ? [] : [text.badName]),
    ...(classes.length < 2 ? [text.fewClasses] : []),
    ...(classes.length > 20 ? [text.manyClasses] : []),
    ...(names.includes('') ? [text.namelessClass] : []),
    ...(new Set(names).size < names.length ? [text.sameClass] : []),
    ...classes.filter((one) => ruleOf(one) === null).map((one) => text.wordless(one.name)),
    ...(views.length === 0 ? [text.noView] : []),
    ...(splitOf(draft.split) === null ? [text.badSplit] : []),
  ];
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

function splitOf(draft: DraftSplit): Split | null {
  const [folds, repeats, testFraction] = [Number(draft.folds), Number(draft.repeats), Number(draft.testFraction)];
  if (draft.kind === 'seed') return { kind: 'seed' };
  if (draft.kind === 'holdout') return testFraction > 0 && testFraction < 1 ? { kind: 'holdout', testFraction } : null;
  return isWhole(folds, 2, 20) && isWhole(repeats, 1, 50) ? { kind: 'cross-validation', folds, repeats } : null;
}

/** Null while something is to be mended. */
export function taskOf(draft: Draft): Task | null {
  const split = splitOf(draft.split);
  if (problemsOf(draft).length > 0 || split === null) return null;
  const description = draft.description.trim();
  const classes = draft.classes.flatMap((one) => {
    const rule = ruleOf(one);
    return rule === null ? [] : [{ name: one.name.trim(), rule }];
  });
  const views = VIEWS.filter((view) => draft.views.includes(view));
  return {
    name: draft.name,
    ...(description === '' ? {} : { description }),
    classes,
    labelRule: 'classes',
    views,
    split,
  };
}

/** A list with one entry a place further up or down; the same list at its ends. */
export function moved<Item>(items: readonly Item[], from: number, by: -1 | 1): readonly Item[] {
  const [one, other] = [items[from], items[from + by]];
  if (one === undefined || other === undefined) return items;
  return items.map((item, place) => (place === from ? other : place === from + by ? one : item));
}

/** What of a task another version has otherwise. */
export function changedParts(one: Task, other: Task): string[] {
  const parts: readonly (readonly [string, (task: Task) => unknown])[] = [
    [text.description, (task) => task.description ?? ''],
    [text.classes, (task) => task.classes.map(({ name }) => name)],
    [text.rules, (task) => task.classes.map(({ rule }) => wordsOf(rule))],
    [text.views, (task) => VIEWS.filter((view) => task.views.includes(view))],
    [text.split, (task) => ({ ...splitDraft(task.split) })],
  ];
  return parts.filter(([, of]) => JSON.stringify(of(one)) !== JSON.stringify(of(other))).map(([name]) => name);
}
