/** What may not be shared between images that are trained on and images that are tested. */
export interface LeakMember {
  readonly imageId: string;
  readonly patient: string;
  /** Of the network input: equal pixels are the same picture, whatever their files say. */
  readonly sha256: string;
}

export interface Leak {
  readonly kind: 'image' | 'patient' | 'sha256' | 'near-duplicate';
  /** The image id, patient or hash that both sides share, or how near they are. */
  readonly value: string;
  readonly trainImage: string;
  readonly testImage: string;
}

const KINDS = { image: 'imageId', patient: 'patient', sha256: 'sha256' } as const;

/** Everything that the two sets share, one entry per shared value and kind. */
export function findLeaks(train: readonly LeakMember[], test: readonly LeakMember[]): Leak[] {
  return (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
    const key = KINDS[kind];
    const trained = new Map(train.map((member) => [member[key], member.imageId]));
    const shared = new Map<string, Leak>();
    for (const member of test) {
      const trainImage = trained.get(member[key]);
      if (trainImage === undefined || shared.has(member[key])) continue;
      shared.set(member[key], { kind, value: member[key], trainImage, testImage: member.imageId });
    }
    return [...shared.values()];
  });
}

const NAMES = {
  image: 'the image',
  patient: 'the patient',
  sha256: 'the picture (equal bytes)',
  'near-duplicate': 'nearly the same picture:',
} as const;
const SHOWN = 5;

/** A sentence for people: what is shared, by which images. */
export function describeLeaks(leaks: readonly Leak[]): string {
  const shown = leaks
    .slice(0, SHOWN)
    .map(({ kind, value, trainImage, testImage }) => `${NAMES[kind]} ${value} (images ${trainImage} and ${testImage})`);
  const rest = leaks.length > SHOWN ? ` and ${leaks.length - SHOWN} more` : '';
  return `trained on and tested at once: ${shown.join('; ')}${rest}`;
}
