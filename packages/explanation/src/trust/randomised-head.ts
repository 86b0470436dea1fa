import type { HeadNetwork } from '../head-network.js';
import { shuffle } from './shuffle.js';

/** A network whose tensors hold the same values in places by chance: it keeps its scale and knows nothing. */
export function randomisedHead(network: HeadNetwork, random: () => number): HeadNetwork {
  const shuffled = (values: Float32Array) => shuffle(values.slice(), random);
  return {
    firstWeights: shuffled(network.firstWeights),
    secondWeights: shuffled(network.secondWeights),
    outputWeights: shuffled(network.outputWeights),
    outputBias: shuffled(network.outputBias),
    firstGain: shuffled(network.firstGain),
    firstShift: shuffled(network.firstShift),
    firstMean: shuffled(network.firstMean),
    firstVariance: shuffled(network.firstVariance),
    secondGain: shuffled(network.secondGain),
    secondShift: shuffled(network.secondShift),
    secondMean: shuffled(network.secondMean),
    secondVariance: shuffled(network.secondVariance),
  };
}
