import { findLeaks, type Leak, NEVER_TESTED, nearHashes } from '@xvision/learning';
import type { SelectedMember } from './select-members.js';

/**
 * Bits of 64 up to which two radiographs are the same picture beyond doubt; `check-leaks` shows people more. Of 444 radiographs recompressed,
 * halved or brightened 96 to 99 % lie within it, while the nearest two of 98,000 pairs of different ones are 10 apart: a collection
 * of thousands must not be refused because two of its millions of pairs look alike.
 */
const SAME_PICTURE = 3;

/**
 * Everything that the folds of a dataset share between training and test, each pair once: images, patients, equal pictures,
 * and radiographs whose perceptual hashes are at most {@link SAME_PICTURE} bits apart. Drawn images are alike by their making, so
 * that only equal ones count.
 */
export function leaksOf(members: readonly SelectedMember[]): Leak[] {
  const found = new Map<string, Leak>();
  for (let repeat = 0; repeat < (members[0]?.folds.length ?? 0); repeat += 1) {
    for (const fold of new Set(members.map(({ folds }) => folds[repeat] ?? NEVER_TESTED))) {
      if (fold === NEVER_TESTED) continue;
      const side = (tested: boolean) =>
        members.filter(({ folds }) => (folds[repeat] === fold) === tested).map(identityOf);
      for (const leak of findLeaks(side(false), side(true))) found.set(`${leak.kind} ${leak.value}`, leak);
    }
  }
  return [...found.values(), ...nearDuplicates(members)];
}

function nearDuplicates(members: readonly SelectedMember[]): Leak[] {
  const parted = (first: number, second: number): boolean => {
    const [one, other] = [members[first], members[second]];
    if (one === undefined || other === undefined || one.preparedSha256 === other.preparedSha256) return false;
    return one.folds.some((fold, repeat) => fold !== other.folds[repeat]);
  };
  const pairs = nearHashes(
    members.map(({ perceptualHash, synthetic }) => (synthetic ? null : perceptualHash)),
    { distance: SAME_PICTURE, mayLeak: parted },
  );
  return pairs.map(({ first, second, distance }) => ({
    kind: 'near-duplicate',
    value: `${distance} of 64 bits differ`,
    trainImage: nameOf(members[first]),
    testImage: nameOf(members[second]),
  }));
}

function identityOf(member: SelectedMember) {
  return { imageId: nameOf(member), patient: member.patient, sha256: member.preparedSha256 };
}

function nameOf(member: SelectedMember | undefined): string {
  return member === undefined ? '' : `${member.collection}/${member.externalId}`;
}
