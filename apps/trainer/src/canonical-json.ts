import { createHash } from 'node:crypto';

/** JSON with sorted keys: equal values give equal text, whatever order their fields were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) => {
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
