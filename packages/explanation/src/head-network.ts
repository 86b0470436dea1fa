/**
 * The weights of a trained head in inference mode: pool5 -> dense -> BatchNorm -> ReLU -> dense -> BatchNorm -> ReLU -> dense.
 * Row-major; dense weights are [inputs, outputs].
 */
export interface HeadNetwork {
  /** [25088, hidden] */
  readonly firstWeights: Float32Array;
  /** [hidden, hidden] */
  readonly secondWeights: Float32Array;
  /** [hidden, classes] */
  readonly outputWeights: Float32Array;
  /** [classes] */
  readonly outputBias: Float32Array;
  readonly firstGain: Float32Array;
  readonly firstShift: Float32Array;
  readonly firstMean: Float32Array;
  readonly firstVariance: Float32Array;
  readonly secondGain: Float32Array;
  readonly secondShift: Float32Array;
  readonly secondMean: Float32Array;
  readonly secondVariance: Float32Array;
}

/** BatchNorm's epsilon in the published network. */
export const BATCH_NORM_EPSILON = 1e-3;
