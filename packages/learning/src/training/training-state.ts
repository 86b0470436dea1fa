import { DamagedFileError, readSafetensors, safetensorsBytes } from '../saved/safetensors.js';
import type { TrainingState } from './messages.js';

const LOSSES = 'losses';
const PARAMETER = 'parameter.';

/** A checkpoint: equal states give equal bytes. */
export function saveTrainingState({ losses, parameters }: TrainingState): Promise<Uint8Array> {
  return safetensorsBytes([
    { name: LOSSES, dims: [losses.length], values: Float64Array.from(losses) },
    ...Object.entries(parameters).map(([name, values]) => ({
      name: `${PARAMETER}${name}`,
      dims: [values.length],
      values,
    })),
  ]);
}

/** Reads a checkpoint back. Throws {@link DamagedFileError} when the bytes are something else. */
export function loadTrainingState(bytes: Uint8Array): TrainingState {
  const tensors = readSafetensors(bytes);
  const losses = tensors.get(LOSSES)?.values;
  if (losses === undefined) throw new DamagedFileError('the file is no checkpoint of a training: it lists no losses');
  const parameters: Record<string, Float32Array> = {};
  for (const [name, { values }] of tensors) {
    if (name.startsWith(PARAMETER) && values instanceof Float32Array) {
      parameters[name.slice(PARAMETER.length)] = new Float32Array(values);
    }
  }
  return { epoch: losses.length, losses: [...losses], parameters };
}
