/**
 * The published student project's label rule: the terms that it looks for, in its order. `spine/degenerative ` keeps the
 * trailing space because of which it never matches; `normal` also matches `abnormal`. Both faults are part of the rule.
 */
export const SEED_TERMS = [
  'normal',
  'opacity',
  'cardiomegaly',
  'calcinosis',
  'lung/hypoinflation',
  'calcified granuloma',
  'thoracic vertebrae/degenerative',
  'lung/hyperdistention',
  'spine/degenerative ',
  'catheters, indwelling',
  'granulomatous disease',
  'nodule',
  'surgical instruments',
  'scoliosis',
  'spondylosis',
] as const;

/** What the rule answers where no term is found. */
export const SEED_MISSING = 'missing';

/** Joins the MeSH major terms with `/`, lower-cases them and concatenates every term of the rule found in the result. */
export function seedLabel(items: readonly string[]): string {
  const text = items.join('/').toLowerCase();
  const label = SEED_TERMS.filter((term) => text.includes(term)).join('');
  return label === '' ? SEED_MISSING : label;
}
