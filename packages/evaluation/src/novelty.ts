/** VGG16 pool5: 7 x 7 places of 512 channels, NHWC. */
const PLACES = 49;
const CHANNELS = 512;

/** Mean cosine distance to this many of the nearest training images. */
const NEIGHBOURS = 5;

/** What a picture looks like to the network, wherever in it: unit length, 512 numbers. */
export type Descriptor = Float32Array;

/** The training images' descriptors, and how far each of them lies from those of other patients. */
export interface NoveltyGuard {
  readonly references: readonly Descriptor[];
  /** Ascending. */
  readonly distances: Float64Array;
}

/** Square roots of a pool5 row, averaged over places and scaled to unit length. Throws for a row of another length. */
export function descriptorOf(row: Float32Array): Descriptor {
  if (row.length !== PLACES * CHANNELS) {
    throw new RangeError(`a pool5 row has ${PLACES * CHANNELS} values, this one has ${row.length}`);
  }
  const descriptor = new Float32Array(CHANNELS);
  for (let i = 0; i < row.length; i += 1) {
    const channel = i % CHANNELS;
    descriptor[channel] = (descriptor[channel] ?? 0) + Math.sqrt(row[i] ?? 0);
  }
  const length = Math.sqrt(descriptor.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? descriptor : descriptor.map((value) => value / length);
}

/** Fits on training images; needs at least {@link NEIGHBOURS} + 1 patients, else undefined. */
export function fitNoveltyGuard(
  images: readonly { readonly descriptor: Descriptor; readonly patient: string }[],
): NoveltyGuard | undefined {
  if (new Set(images.map((image) => image.patient)).size <= NEIGHBOURS) return undefined;
  const distances = images.map(({ descriptor, patient }) =>
    distanceTo(
      descriptor,
      images.filter((other) => other.patient !== patient).map((other) => other.descriptor),
    ),
  );
  return { references: images.map((image) => image.descriptor), distances: Float64Array.from(distances).sort() };
}

/**
 * How unusual an image is among the training images: the conformal p-value, that is the share of training images (and it
 * itself) that lie at least as far from the others. Of images like the training images, a share of about p has a p-value of
 * p or less, whatever their distribution. Never 0.
 */
export function noveltyP(guard: NoveltyGuard, descriptor: Descriptor): number {
  const distance = distanceTo(descriptor, guard.references);
  const farther = guard.distances.filter((other) => other >= distance).length;
  return (farther + 1) / (guard.distances.length + 1);
}

function distanceTo(descriptor: Descriptor, references: readonly Descriptor[]): number {
  const nearest = new Float64Array(NEIGHBOURS).fill(Number.POSITIVE_INFINITY);
  for (const reference of references) {
    const distance = 1 - dot(descriptor, reference);
    if (distance >= (nearest[NEIGHBOURS - 1] ?? 0)) continue;
    nearest[NEIGHBOURS - 1] = distance;
    nearest.sort();
  }
  return nearest.reduce((sum, value) => sum + value, 0) / NEIGHBOURS;
}

function dot(first: Descriptor, second: Descriptor): number {
  let sum = 0;
  for (let i = 0; i < first.length; i += 1) sum += (first[i] ?? 0) * (second[i] ?? 0);
  return sum;
}
