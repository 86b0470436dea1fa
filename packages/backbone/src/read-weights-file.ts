import { readFile } from 'node:fs/promises';
import { readKerasFile } from './read-keras-file.js';
import { readOnnxWeights } from './read-onnx-weights.js';
import { PARAMETERS } from './vgg16-architecture.js';
import { WeightsError } from './weights.js';

const HDF5_SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Reads weights from a Keras HDF5 file, an ONNX model or this package's own raw form, told apart by content.
 * Throws {@link WeightsError} when the file cannot be read as any of them.
 */
export async function readWeightsFile(file: string): Promise<Float32Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new WeightsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
  if (bytes.subarray(0, HDF5_SIGNATURE.length).equals(HDF5_SIGNATURE)) return readKerasFile(file);
  if (bytes.length === PARAMETERS * Float32Array.BYTES_PER_ELEMENT) return asFloats(bytes);
  return readOnnxWeights(bytes, file);
}

function asFloats(bytes: Buffer): Float32Array {
  if (bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT !== 0) return new Float32Array(Uint8Array.from(bytes).buffer);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}
