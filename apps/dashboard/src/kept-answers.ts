/**
 * Answers that never change once they were found: each is found once, whoever asks meanwhile waits for the same, and the
 * newest `most` are kept. One that could not be found is asked for again.
 */
export function keepAnswers<Answer>(most: number): (key: string, find: () => Promise<Answer>) => Promise<Answer> {
  const kept = new Map<string, Promise<Answer>>();
  return (key, find) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = find();
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}
