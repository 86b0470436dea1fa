import type { Estimate, ParityArm } from '@xvision/contracts';

/** Which faults these images can tell from none, in words. */
export function paritySentence(arms: readonly ParityArm[]): string {
  const alone = arms.filter(({ faults }) => faults.length === 1);
  const higher = alone.filter(({ difference }) => (difference?.low ?? 0) > 0).map(nameOf);
  const lower = alone.filter(({ difference }) => (difference?.high ?? 0) < 0).map(nameOf);
  const said = [
    ...(higher.length === 0 ? [] : [`${higher.join(', ')} alone makes the AUC look higher`]),
    ...(lower.length === 0 ? [] : [`${lower.join(', ')} alone makes it look lower`]),
  ];
  const single =
    said.length === 0
      ? 'No fault alone can be told from none on these test sets'
      : `On these test sets ${said.join('; ')}`;
  const all = arms.find(({ arm }) => arm === 'all faults')?.difference;
  return `${single}. All together ${together(all ?? null)}.`;
}

function nameOf({ faults }: ParityArm): string {
  return faults.join('');
}

function together(difference: Estimate | null): string {
  if (difference?.value == null || difference.low === null || difference.high === null)
    return 'they cannot be compared';
  if (difference.low > 0) return `they add ${difference.value.toFixed(3)} to the AUC`;
  if (difference.high < 0) return `they take ${(-difference.value).toFixed(3)} from the AUC`;
  return 'they cannot be told from none either';
}
