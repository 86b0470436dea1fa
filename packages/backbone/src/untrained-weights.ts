import { PARAMETERS } from './vgg16-architecture.js';
import { identityOf, layersOf, type Vgg16Weights } from './weights.js';

/** Fixed, so that every machine makes the same untrained backbone with the same identity. */
const SEED = 0x5eed_0001;

/**
 * A stand-in for machines that cannot get the pretrained weights: He-uniform kernels (He 2015, limit sqrt(6 / fan-in)),
 * zero biases, from a fixed seed. Its features mean nothing; `trained` is false and its identity is its own.
 */
export function untrainedWeights(): Vgg16Weights {
  const values = new Float32Array(PARAMETERS);
  const random = mulberry32(SEED);
  for (const { layer, kernel } of layersOf(values)) {
    const limit = Math.sqrt(6 / (9 * layer.inputs));
    for (let index = 0; index < kernel.length; index++) kernel[index] = (2 * random() - 1) * limit;
  }
  return {
    values,
    identity: identityOf(values),
    trained: false,
    origin: 'untrained: He-initialised from a fixed seed, never shown an image',
  };
}

/** Uniform numbers in [0, 1) from 32 bits of state: integer arithmetic only, hence the same bits everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}
