import type { NoveltyGuard } from '@xvision/evaluation';
import { DamagedFileError, readSafetensors, safetensorsBytes } from '@xvision/learning';

const NUMBERS = 512;

/** A guard as a file: the descriptors of its images and their distances. */
export async function guardBytes({ references, distances }: NoveltyGuard): Promise<Uint8Array> {
  const values = new Float32Array(references.length * NUMBERS);
  for (const [place, reference] of references.entries()) values.set(reference, place * NUMBERS);
  return await safetensorsBytes([
    { name: 'references', dims: [references.length, NUMBERS], values },
    { name: 'distances', dims: [distances.length], values: distances },
  ]);
}

/** Throws DamagedFileError for bytes that are no guard. */
export function readGuard(bytes: Uint8Array): NoveltyGuard {
  const tensors = readSafetensors(bytes);
  const [references, distances] = [tensors.get('references')?.values, tensors.get('distances')?.values];
  if (!(references instanceof Float32Array && distances instanceof Float64Array)) {
    throw new DamagedFileError('the file is no novelty guard: evaluate the run again');
  }
  return {
    references: Array.from({ length: references.length / NUMBERS }, (_, place) =>
      references.subarray(place * NUMBERS, (place + 1) * NUMBERS),
    ),
    distances,
  };
}
