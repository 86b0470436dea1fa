/**
 * Many who ask at once cost one reading: who asks while one goes on, or within `forMs` milliseconds after it began, gets the
 * same. A reading that failed is not kept.
 */
export function sharedReading<Result>(forMs: number, read: () => Promise<Result>): () => Promise<Result> {
  let kept: { readonly began: number; readonly result: Promise<Result>; going: boolean } | undefined;
  return () => {
    const now = performance.now();
    if (kept !== undefined && (kept.going || now - kept.began < forMs)) return kept.result;
    const mine = { began: now, result: read(), going: true };
    kept = mine;
    mine.result.then(
      () => {
        mine.going = false;
      },
      () => {
        if (kept === mine) kept = undefined;
      },
    );
    return mine.result;
  };
}
