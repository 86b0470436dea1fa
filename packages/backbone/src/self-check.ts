import { POOL5_LENGTH } from '@xvision/contracts';
import { GOLDEN_POOL5, goldenFault, goldenImage } from './golden-image.js';
import { WeightsError } from './weights.js';

/** Computes pool5 of one RGB image. */
export type Pool5OfOne = (rgb: Uint8Array) => Promise<Float32Array>;

/**
 * Runs before the first image. ImageNet weights must give the golden values, else channel order, layout, weights or the
 * engine is wrong; an untrained backbone must give a finite row, the same twice. Throws {@link WeightsError}.
 */
export async function selfCheck(
  pool5: Pool5OfOne,
  { trained, what }: { trained: boolean; what: string },
): Promise<void> {
  const row = await pool5(goldenImage());
  if (row.length !== POOL5_LENGTH) {
    throw new WeightsError(`${what} gives ${row.length} values for the golden image, expected ${POOL5_LENGTH}`);
  }
  const fault = trained ? goldenFault(row, GOLDEN_POOL5) : await untrainedFault(row, pool5);
  if (fault !== undefined) {
    throw new WeightsError(
      `${what} fails its self-check on the golden image: ${fault}. ` +
        'Its weights, channel order or layout is wrong, or the engine computes wrongly; no image was processed.',
    );
  }
}

async function untrainedFault(row: Float32Array, pool5: Pool5OfOne): Promise<string | undefined> {
  if (!row.every(Number.isFinite)) return 'it holds values that are not finite';
  if (!row.some((value) => value > 0)) return 'it is all zero';
  const again = await pool5(goldenImage());
  return row.every((value, index) => value === again[index]) ? undefined : 'two runs differ';
}
