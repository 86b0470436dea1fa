export { EngineLostError } from '@xvision/engines';
export { type AcquireOptions, acquireWeights } from './acquire-weights.js';
export { GOLDEN_POOL5, GOLDEN_TOLERANCE, type GoldenPool5, goldenFault, goldenImage } from './golden-image.js';
export type { GraphVariant } from './graph-variant.js';
export { type Calibration, calibrate } from './int8/calibrate.js';
export { buildInt8Graph } from './int8/int8-graph.js';
export { type OpenVgg16Int8Options, openVgg16Int8 } from './int8/open-vgg16-int8.js';
export type { Variant, Vgg16, Vgg16Description } from './loaded-vgg16.js';
export type { EngineChoice } from './open-engine.js';
export { type OpenVgg16Options, openVgg16 } from './open-vgg16.js';
export {
  type InputGradient,
  type OpenVgg16BackwardOptions,
  openVgg16Backward,
  type Vgg16Backward,
} from './open-vgg16-backward.js';
export { type OpenVgg16FloatsOptions, openVgg16Floats, type Vgg16Floats } from './open-vgg16-floats.js';
export { randomisedFromTop } from './randomised-weights.js';
export { untrainedWeights } from './untrained-weights.js';
export { INPUT_LENGTH, INPUT_SIDE, VGG16_CHANNEL_MEANS_BGR } from './vgg16-architecture.js';
export { type BackwardRule, buildVgg16BackwardGraph, GRADIENT_OUTPUT, UPSTREAM_INPUT } from './vgg16-backward-graph.js';
export { addVgg16, buildVgg16Graph, GRAPH_INPUT, GRAPH_OUTPUT } from './vgg16-graph.js';
export { type Vgg16Weights, WeightsError } from './weights.js';
export { buildWinogradGraph } from './winograd-graph.js';
