import { type OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import { EPSILON, HIDDEN } from '../heads/dual-state.js';
import { inferenceTail } from '../heads/inference-graph.js';
import { membersOf } from '../training/training-request.js';
import type { HeadCard } from './head-card.js';
import { DamagedFileError, type SavedTensor } from './safetensors.js';

/** A trained head as its file holds it. */
export interface SavedHead {
  readonly card: HeadCard;
  readonly tensors: ReadonlyMap<string, SavedTensor>;
}

/**
 * Adds a trained head with its weights to a graph, from feature rows [n, inputs] to probabilities [n, classes] in
 * float32: what `loadHead` scores, to 1e-5. Throws {@link DamagedFileError} where a tensor is missing.
 */
export function addHead(graph: OnnxGraph, rows: ValueName, head: SavedHead): ValueName {
  if (head.card.head === 'logistic') return addLogistic(graph, rows, head);
  const epsilon = graph.constant('head/epsilon', tensor('float32', [1], Float32Array.of(EPSILON)));
  const members = Array.from({ length: membersOf(head.card.head) }, (_, member) =>
    addNetwork(graph, rows, { head, member, epsilon }),
  );
  return members.length === 1 ? (members[0] ?? rows) : graph.node('Mean', members);
}

function addNetwork(
  graph: OnnxGraph,
  rows: ValueName,
  { head, member, epsilon }: { head: SavedHead; member: number; epsilon: ValueName },
): ValueName {
  const { featureLength, classes } = head.card;
  const part = (name: string, dims: readonly number[]): ValueName => {
    const full = `member.${member}.${name}`;
    const values = head.tensors.get(full)?.values;
    if (!(values instanceof Float32Array)) throw new DamagedFileError(`network ${member} of the model has no ${name}`);
    return graph.constant(`head/${full}`, tensor('float32', dims, values));
  };
  const vector = (name: string): ValueName => part(name, [HIDDEN]);
  const sums = graph.node('MatMul', [rows, part('firstWeights', [featureLength, HIDDEN])]);
  return inferenceTail(graph, sums, {
    first: { mean: vector('firstMean'), variance: vector('firstVariance') },
    firstGain: vector('firstGain'),
    firstShift: vector('firstShift'),
    secondWeights: part('secondWeights', [HIDDEN, HIDDEN]),
    second: { mean: vector('secondMean'), variance: vector('secondVariance') },
    secondGain: vector('secondGain'),
    secondShift: vector('secondShift'),
    outputWeights: part('outputWeights', [HIDDEN, classes.length]),
    outputBias: part('outputBias', [classes.length]),
    epsilon,
  });
}

/** In float64 as it was fitted: 25,088 standardised columns lose digits in float32. Two classes have one logit. */
function addLogistic(graph: OnnxGraph, rows: ValueName, { card, tensors }: SavedHead): ValueName {
  const { featureLength, classes } = card;
  const logits = classes.length === 2 ? 1 : classes.length;
  const part = (name: string, dims: readonly number[]): ValueName => {
    const values = tensors.get(name)?.values;
    if (!(values instanceof Float64Array)) throw new DamagedFileError(`the model's file has no tensor ${name}`);
    return graph.constant(`head/${name}`, tensor('float64', dims, values));
  };
  const roots = graph.node('Cast', [graph.node('Sqrt', [rows])], { to: ONNX_DOUBLE });
  const centred = graph.node('Sub', [roots, part('mean', [1, featureLength])]);
  const standard = graph.node('Div', [centred, part('deviation', [1, featureLength])]);
  const products = graph.node('MatMul', [standard, part('weights', [featureLength, logits])]);
  const sums = graph.node('Add', [products, part('intercepts', [1, logits])]);
  const all = logits === 1 ? graph.node('Concat', [graph.node('Mul', [sums, zero(graph)]), sums], { axis: 1 }) : sums;
  return graph.node('Cast', [graph.node('Softmax', [all], { axis: 1 })], { to: ONNX_FLOAT });
}

/** `TensorProto.DataType` of the ONNX format. */
const ONNX_FLOAT = 1;
const ONNX_DOUBLE = 11;

/** The first of two classes has the logit 0. */
function zero(graph: OnnxGraph): ValueName {
  return graph.constant('head/zero', tensor('float64', [1], Float64Array.of(0)));
}
