import type { Fingerprint } from '@xvision/contracts';
import { findLeaks, NEVER_TESTED, nearHashes } from '@xvision/learning';

/** What two images have in common, surest first. */
export type LeakKind = 'image' | 'patient' | 'equal pixels' | 'near-duplicate' | 'near features';

export interface LeakSide {
  readonly imageId: string;
  readonly file: string;
  readonly patient: string;
  readonly folds: readonly number[] | null;
}

/** Two images of which one may be trained on while the other is tested. */
export interface LeakPair {
  readonly kind: LeakKind;
  /** The shared value, or how near they are. */
  readonly detail: string;
  readonly first: LeakSide;
  readonly second: LeakSide;
}

/**
 * Whether two images can stand on both sides of a split: of a run, when some repeat tests them in different folds (or one
 * of them never); of a task, whose folds nobody has drawn yet, when they are of different patients.
 */
export function mayLeak(images: readonly Fingerprint[]): (first: number, second: number) => boolean {
  return (first, second) => {
    const [one, other] = [images[first], images[second]];
    if (one === undefined || other === undefined) return false;
    if (one.folds === null || other.folds === null) return one.patient !== other.patient;
    return one.folds.some((fold, repeat) => fold !== other.folds?.[repeat]);
  };
}

export function leakPair(
  images: readonly Fingerprint[],
  { first, second, kind, detail }: { first: number; second: number; kind: LeakKind; detail: string },
): LeakPair {
  return { kind, detail, first: sideOf(images[first]), second: sideOf(images[second]) };
}

function sideOf(image: Fingerprint | undefined): LeakSide {
  return {
    imageId: image?.imageId ?? '',
    file: image?.file ?? '',
    patient: image?.patient ?? '',
    folds: image?.folds ?? null,
  };
}

/** Images and patients that a run both trains on and tests, each once. A task's folds keep patients together. */
export function sharedIdentities(images: readonly Fingerprint[]): LeakPair[] {
  const found = new Map<string, LeakPair>();
  const repeats = images[0]?.folds?.length ?? 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const fold of new Set(images.map(({ folds }) => folds?.[repeat] ?? NEVER_TESTED))) {
      if (fold === NEVER_TESTED) continue;
      const side = (tested: boolean) =>
        images.filter(({ folds }) => (folds?.[repeat] === fold) === tested).map(asMember);
      for (const { kind, value, trainImage, testImage } of findLeaks(side(false), side(true))) {
        const key = `${kind} ${value}`;
        if (kind === 'sha256' || found.has(key)) continue;
        const sides = { first: findSide(images, trainImage), second: findSide(images, testImage) };
        found.set(key, { kind, detail: value, ...sides });
      }
    }
  }
  return [...found.values()];
}

function asMember({ imageId, patient, preparedSha256 }: Fingerprint) {
  return { imageId, patient, sha256: preparedSha256 };
}

function findSide(images: readonly Fingerprint[], imageId: string): LeakSide {
  return sideOf(images.find((image) => image.imageId === imageId));
}

/** Pairs of equal or nearly equal network inputs. A mirror image is another picture: it is not among them. */
export function samePictures(images: readonly Fingerprint[], distance: number): LeakPair[] {
  const hashes = images.map(({ perceptualHash }) => perceptualHash);
  return nearHashes(hashes, { distance, mayLeak: mayLeak(images) }).map((pair) => {
    const equal = images[pair.first]?.preparedSha256 === images[pair.second]?.preparedSha256;
    const detail = equal ? (images[pair.first]?.preparedSha256 ?? '') : `${pair.distance} of 64 bits differ`;
    return leakPair(images, { ...pair, kind: equal ? 'equal pixels' : 'near-duplicate', detail });
  });
}
