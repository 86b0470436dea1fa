import { OnnxGraph, type ValueName } from '@xvision/engines';
import { EPSILON, SCALE } from './dual-state.js';
import { floatTensor, type Precision } from './precision.js';

export interface InferenceGraphOptions {
  readonly precision: Precision;
  readonly hidden: number;
  readonly classes: number;
}

/**
 * The end of a training in the dual form: moments of the whole training set at the final weights, layer by layer, and the
 * probabilities of test images under them.
 * Inputs: kernel [n, n], projection [n, hidden], testKernel [m, n], testProjection [m, hidden], scale [1], the parameters.
 * Outputs: firstMean, firstVariance, secondMean, secondVariance [hidden], probabilities [m, classes].
 */
export function dualInferenceGraph(options: InferenceGraphOptions): Uint8Array {
  const { precision, hidden, classes } = options;
  const graph = new OnnxGraph('dual-inference');
  const kernel = graph.input('kernel', precision, ['n', 'n']);
  const projection = graph.input('projection', precision, ['n', hidden]);
  const testKernel = graph.input('testKernel', precision, ['m', 'n']);
  const testProjection = graph.input('testProjection', precision, ['m', hidden]);
  const span = graph.input('span', precision, ['n', hidden]);
  const scale = graph.input(SCALE, precision, [1]);
  const tail = tailInputs(graph, options);

  const sums = (rows: ValueName, projected: ValueName): ValueName =>
    graph.node('Gemm', [rows, span, graph.node('Mul', [projected, scale])]);
  const firstSums = sums(kernel, projection);
  const first = moments(graph, firstSums);
  const firstOutput = normalise(graph, firstSums, { ...first, gain: tail.firstGain, shift: tail.firstShift, ...tail });
  const second = moments(graph, graph.node('MatMul', [firstOutput, tail.secondWeights]));
  const probabilities = inferenceTail(graph, sums(testKernel, testProjection), { ...tail, first, second });

  graph.output(first.mean, precision, { dims: [hidden], as: 'firstMean' });
  graph.output(first.variance, precision, { dims: [hidden], as: 'firstVariance' });
  graph.output(second.mean, precision, { dims: [hidden], as: 'secondMean' });
  graph.output(second.variance, precision, { dims: [hidden], as: 'secondVariance' });
  graph.output(probabilities, precision, { dims: ['m', classes], as: 'probabilities' });
  return graph.encode();
}

/**
 * A trained network from feature rows [m, inputs] and its ordinary weights to probabilities [m, classes]; every weight
 * is an input, so nothing is copied into the graph.
 */
export function headInferenceGraph(options: InferenceGraphOptions): Uint8Array {
  const { precision, hidden, classes } = options;
  const graph = new OnnxGraph('head');
  const rows = graph.input('rows', precision, ['m', 'd']);
  const weights = graph.input('firstWeights', precision, ['d', hidden]);
  const tail = tailInputs(graph, options);
  const vector = (name: string): ValueName => graph.input(name, precision, [hidden]);
  const first = { mean: vector('firstMean'), variance: vector('firstVariance') };
  const second = { mean: vector('secondMean'), variance: vector('secondVariance') };
  const probabilities = inferenceTail(graph, graph.node('MatMul', [rows, weights]), { ...tail, first, second });
  graph.output(probabilities, precision, { dims: ['m', classes], as: 'probabilities' });
  return graph.encode();
}

/**
 * The same network as the published project tests it: every batch of rows is normalised by its own moments, so that an
 * image's score depends on its batch mates.
 */
export function batchMomentsGraph(options: InferenceGraphOptions): Uint8Array {
  const { precision, hidden, classes } = options;
  const graph = new OnnxGraph('batch-moments');
  const rows = graph.input('rows', precision, ['m', 'd']);
  const weights = graph.input('firstWeights', precision, ['d', hidden]);
  const tail = tailInputs(graph, options);
  const sums = graph.node('MatMul', [rows, weights]);
  const first = moments(graph, sums);
  const output = normalise(graph, sums, { ...first, gain: tail.firstGain, shift: tail.firstShift, ...tail });
  const second = moments(graph, graph.node('MatMul', [output, tail.secondWeights]));
  const probabilities = inferenceTail(graph, sums, { ...tail, first, second });
  graph.output(probabilities, precision, { dims: ['m', classes], as: 'probabilities' });
  return graph.encode();
}

export interface Moments {
  readonly mean: ValueName;
  readonly variance: ValueName;
}

/** Everything after the first layer's sums, by the names of its values. */
export type Tail = Readonly<ReturnType<typeof tailInputs>>;

function tailInputs(graph: OnnxGraph, { precision, hidden, classes }: InferenceGraphOptions) {
  const epsilon = precision === 'float32' ? Float32Array.of(EPSILON) : Float64Array.of(EPSILON);
  return {
    secondWeights: graph.input('secondWeights', precision, [hidden, hidden]),
    outputWeights: graph.input('outputWeights', precision, [hidden, classes]),
    outputBias: graph.input('outputBias', precision, [classes]),
    firstGain: graph.input('firstGain', precision, [hidden]),
    firstShift: graph.input('firstShift', precision, [hidden]),
    secondGain: graph.input('secondGain', precision, [hidden]),
    secondShift: graph.input('secondShift', precision, [hidden]),
    epsilon: graph.constant('epsilon', floatTensor([1], epsilon)),
  };
}

function moments(graph: OnnxGraph, values: ValueName): Moments {
  const mean = graph.node('ReduceMean', [values], { axes: [0], keepdims: 0 });
  const centred = graph.node('Sub', [values, mean]);
  const variance = graph.node('ReduceMean', [graph.node('Mul', [centred, centred])], { axes: [0], keepdims: 0 });
  return { mean, variance };
}

function normalise(
  graph: OnnxGraph,
  values: ValueName,
  { mean, variance, gain, shift, epsilon }: Moments & { gain: ValueName; shift: ValueName; epsilon: ValueName },
): ValueName {
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, epsilon])]);
  const standard = graph.node('Div', [graph.node('Sub', [values, mean]), deviation]);
  return graph.node('Relu', [graph.node('Add', [graph.node('Mul', [standard, gain]), shift])]);
}

/** From the first layer's sums [m, hidden] to probabilities [m, classes]. */
export function inferenceTail(
  graph: OnnxGraph,
  firstSums: ValueName,
  tail: Tail & { first: Moments; second: Moments },
): ValueName {
  const { first, second, epsilon } = tail;
  const hidden = normalise(graph, firstSums, { ...first, gain: tail.firstGain, shift: tail.firstShift, epsilon });
  const secondSums = graph.node('MatMul', [hidden, tail.secondWeights]);
  const output = normalise(graph, secondSums, { ...second, gain: tail.secondGain, shift: tail.secondShift, epsilon });
  return graph.node('Softmax', [graph.node('Gemm', [output, tail.outputWeights, tail.outputBias])], { axis: 1 });
}
