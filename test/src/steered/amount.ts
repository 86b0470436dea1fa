import type { Estimate } from '@xvision/contracts';

/** How much the API tells: of what there may be many, this many; and how every free text reads. */
export interface Amount {
  readonly items: number;
  readonly epochs: number;
  readonly folds: number;
  readonly classes: number;
  readonly count: number;
  /** A text of people or sources: names, messages, notes. */
  readonly words: (what: string) => string;
  readonly report: string;
}

/** What addresses of the API answer. */
export type Answers = readonly (readonly [path: RegExp, answer: unknown])[];

export const THE_ID = '00000000-0000-4000-8000-000000000001';
export const ANOTHER_ID = '00000000-0000-4000-8000-000000000002';
export const SHA = 'ab'.repeat(32);
export const AT = '2026-01-02T03:04:05.678Z';
export const NOTICE = 'Research use only; not a medical device';
export const ESTIMATE: Estimate = { value: 0.75, low: 0.64, high: 0.83 };
export const UNKNOWN: Estimate = { value: null, low: null, high: null };

export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n + 1).padStart(12, '0')}`;
export const pageOf = <Item>(items: Item[], next: string | null = null) => ({ items, next });

/** As many as there may be, never more than the page asks for. */
export const many = <Item>({ items }: Amount, make: (n: number) => Item, most = 100): Item[] =>
  Array.from({ length: Math.min(items, most) }, (_, n) => make(n));

export const further = ({ items }: Amount) => (items > 2 ? 'further' : null);

export const classesOf = ({ classes, words }: Amount) =>
  Array.from({ length: classes }, (_, n) => (classes > 2 ? words(`class ${n}`) : ['normal', 'nodule'][n]) ?? '');
