/** What a waiting run or prediction job waits for. */
export interface AwaitedCollection {
  readonly awaitedBy: string;
  readonly name: string;
  readonly state: string;
  readonly message: string | null;
  readonly settled: boolean;
  readonly weights: string | null;
  readonly numerics: string | null;
  /** What a model was trained with; null for a run, which takes what its collections have. */
  readonly neededWeights: string | null;
  readonly neededNumerics: string | null;
  /** Unsettled images with an open dead letter. */
  readonly dead: number;
}

export interface Verdict {
  readonly step: 'request' | 'fail' | 'wait';
  /** For a person; null where there is nothing to say. */
  readonly message: string | null;
}

/** Whether what waits for these collections may start, can never start, or goes on waiting. */
export function verdict(collections: readonly AwaitedCollection[]): Verdict {
  if (collections.length === 0) return { step: 'fail', message: 'it names no collection' };
  const failed = collections.find((one) => one.state === 'failed');
  if (failed !== undefined) {
    return { step: 'fail', message: `collection ${failed.name} failed: ${failed.message ?? 'no reason was given'}` };
  }
  if (!collections.every((one) => one.settled)) return { step: 'wait', message: whatIsDead(collections) };
  const mixture = mixedFeatures(collections);
  return mixture === undefined ? { step: 'request', message: null } : { step: 'fail', message: mixture };
}

function whatIsDead(collections: readonly AwaitedCollection[]): string | null {
  const dead = collections.reduce((sum, one) => sum + one.dead, 0);
  if (dead === 0) return null;
  const images = dead === 1 ? '1 image' : `${dead} images`;
  return `waits for ${images} that a service gave up on: re-drive or discard the dead letters (xvision dead-letters)`;
}

/** Rows from different weights or numerics are different spaces; mixing them would give numbers that mean nothing. */
function mixedFeatures(collections: readonly AwaitedCollection[]): string | undefined {
  const extracted = collections.filter((one) => one.weights !== null);
  const [first] = extracted;
  if (first === undefined) return undefined;
  const needed = first.neededWeights ?? first.weights;
  const numerics = first.neededNumerics ?? first.numerics;
  const other = extracted.find((one) => one.weights !== needed || one.numerics !== numerics);
  if (other === undefined) return undefined;
  const found = `collection ${other.name} was extracted with weights ${other.weights ?? ''} (${other.numerics ?? ''})`;
  return `${found}, needed are ${needed ?? ''} (${numerics ?? ''}). Collect it anew under another name with the extractor that has those weights`;
}
