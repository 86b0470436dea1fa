import type { ClassRule } from '@xvision/contracts';

/** The words of a rule as a person edits them. */
export function termsOf(rule: ClassRule): string {
  if (rule.kind === 'mesh-contains') return rule.anyOf.join(', ');
  if (rule.kind === 'mesh-exactly' || rule.kind === 'mesh-none-of') return rule.terms.join(', ');
  return rule.kind === 'finding' ? rule.name : '';
}

/** A rule from its kind and words; null while words are missing. */
export function ruleFrom(kind: ClassRule['kind'], words: string): ClassRule | null {
  const terms = words
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '');
  const [first] = terms;
  if (kind === 'label-only') return { kind };
  if (first === undefined) return null;
  if (kind === 'mesh-contains') return { kind, anyOf: terms };
  if (kind === 'finding') return { kind, name: first, is: 'present' };
  return { kind, terms };
}
