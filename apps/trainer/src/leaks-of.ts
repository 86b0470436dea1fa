import { NEAR_DUPLICATE_DISTANCE } from '@xvision/contracts';
import { findLeaks, type Leak, NEVER_TESTED, nearHashes } from '@xvision/learning';
import type { SelectedMember } from './select-members.js';

/**
 * Everything that the folds of a dataset share between training and test, each pair once: images, patients, equal pictures,
 * and pictures whose perceptual hashes are at most {@link NEAR_DUPLICATE_DISTANCE} bits apart.
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
    members.map(({ perceptualHash }) => perceptualHash),
    { distance: NEAR_DUPLICATE_DISTANCE, mayLeak: parted },
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
