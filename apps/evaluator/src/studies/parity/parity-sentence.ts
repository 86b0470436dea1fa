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
  const all = arms.find(({ arm }) => arm === 'all faults')?.difference ?? null;
  return `${single}. All together ${together(all)}${all === null ? '' : givenBack(arms, all)}.`;
}

/** Where all faults move the AUC: those without which it is no longer moved. */
function givenBack(arms: readonly ParityArm[], all: Estimate): string {
  if (!isMoved(all)) return '';
  const [whole] = arms.filter(({ arm }) => arm === 'all faults');
  const taken = arms
    .filter(({ faults, difference }) => faults.length === (whole?.faults.length ?? 0) - 1 && !isMoved(difference))
    .flatMap(({ faults }) => whole?.faults.filter((fault) => !faults.includes(fault)) ?? []);
  if (taken.length === 0) return '; no single one of them taken away undoes that';
  return `; without ${taken.join(' or without ')} the others do not`;
}

function isMoved(difference: Estimate | null): boolean {
  return (difference?.low ?? 0) > 0 || (difference?.high ?? 0) < 0;
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
