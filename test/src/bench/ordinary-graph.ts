import { float, OnnxGraph, tensor, type ValueName } from '@xvision/engines';

const HIDDEN = 512;
const CLASSES = 2;
const EPSILON = 1e-3;

/** The parameters of the published network, first layer written out. */
export const ORDINARY_PARAMETERS = {
  W1: [25_088, HIDDEN],
  g1: [HIDDEN],
  s1: [HIDDEN],
  W2: [HIDDEN, HIDDEN],
  g2: [HIDDEN],
  s2: [HIDDEN],
  W3: [HIDDEN, CLASSES],
  b3: [CLASSES],
} as const;
export type ParameterName = keyof typeof ORDINARY_PARAMETERS;
const NAMES = Object.keys(ORDINARY_PARAMETERS) as ParameterName[];

/**
 * SGD as a textbook has it, in float32 on the same library: every step multiplies the batch with the whole first layer and
 * moves all of it. Inputs: rows [n, 25088], targets [n, 2], batches [steps, batch] int64 and the parameters; outputs: the
 * parameters, as `next.<name>`, and losses [steps].
 */
export function ordinaryGraph(learningRate: number): Uint8Array {
  const graph = new OnnxGraph('ordinary-sgd');
  graph.input('rows', 'float32', ['n', 25_088]);
  graph.input('targets', 'float32', ['n', CLASSES]);
  graph.input('batches', 'int64', ['steps', 'batch']);
  for (const name of NAMES) graph.input(name, 'float32', ORDINARY_PARAMETERS[name]);
  const zero = graph.constant('int-zero', tensor('int64', [], BigInt64Array.of(0n)));
  const steps = graph.node('Gather', [graph.node('Shape', ['batches']), zero]);
  const go = graph.constant('go', tensor('bool', [], Uint8Array.of(1)));
  const results = graph.nodes('Loop', [steps, go, ...NAMES], {
    attributes: { body: stepOf(graph, learningRate) },
    outputs: NAMES.length + 1,
  });
  NAMES.forEach((name, index) => {
    graph.output(results[index] ?? '', 'float32', { dims: ORDINARY_PARAMETERS[name], as: `next.${name}` });
  });
  graph.output(results[NAMES.length] ?? '', 'float32', { dims: ['steps'], as: 'losses' });
  return graph.encode();
}

function stepOf(graph: OnnxGraph, learningRate: number): OnnxGraph {
  const body = graph.subgraph('step');
  const iteration = body.input('iteration', 'int64', []);
  const going = body.input('going', 'bool', []);
  for (const name of NAMES) body.input(`at.${name}`, 'float32', ORDINARY_PARAMETERS[name]);
  body.constant('zero', tensor('float32', [1], Float32Array.of(0)));
  body.constant('epsilon', tensor('float32', [1], Float32Array.of(EPSILON)));
  body.constant('rate', tensor('float32', [1], Float32Array.of(learningRate)));
  body.constant('axis0', tensor('int64', [1], BigInt64Array.of(0n)));
  body.constant('axis1', tensor('int64', [1], BigInt64Array.of(1n)));

  const batch = body.node('Gather', ['batches', iteration]);
  const inputs = body.node('Gather', ['rows', batch]);
  const targets = body.node('Gather', ['targets', batch]);
  const first = normalise(body, body.node('MatMul', [inputs, 'at.W1']), '1');
  const second = normalise(body, body.node('MatMul', [first.output, 'at.W2']), '2');
  const logs = body.node('LogSoftmax', [body.node('Gemm', [second.output, 'at.W3', 'at.b3'])], { axis: 1 });
  const picked = body.node('ReduceSum', [body.node('Mul', [targets, logs]), 'axis1'], { keepdims: 0 });
  const loss = body.node('Neg', [body.node('ReduceMean', [picked], { axes: [0], keepdims: 0 })]);

  const count = body.node('CastLike', [body.node('Size', [batch]), 'zero']);
  const error = body.node('Div', [body.node('Sub', [body.node('Exp', [logs]), targets]), count]);
  const back2 = normaliseBack(body, second, { upstream: dense(body, error, 'at.W3'), count, layer: '2' });
  const back1 = normaliseBack(body, first, { upstream: dense(body, back2.input, 'at.W2'), count, layer: '1' });
  // W - rate · X^T dZ in one product: the quickest way this library has for it.
  const move = (x: ValueName, dz: ValueName, weights: ValueName) =>
    body.node('Gemm', [x, dz, weights], { transA: 1, alpha: float(-learningRate) });
  const step = (parameter: ValueName, gradient: ValueName) =>
    body.node('Sub', [parameter, body.node('Mul', ['rate', gradient])]);
  const next: Record<ParameterName, ValueName> = {
    W1: move(inputs, back1.input, 'at.W1'),
    g1: step('at.g1', back1.gain),
    s1: step('at.s1', back1.shift),
    W2: move(first.output, back2.input, 'at.W2'),
    g2: step('at.g2', back2.gain),
    s2: step('at.s2', back2.shift),
    W3: move(second.output, error, 'at.W3'),
    b3: step('at.b3', body.node('ReduceSum', [error, 'axis0'], { keepdims: 0 })),
  };
  body.output(body.node('Identity', [going]), 'bool', { dims: [] });
  for (const name of NAMES) body.output(next[name], 'float32', { dims: ORDINARY_PARAMETERS[name] });
  body.output(loss, 'float32', { dims: [] });
  return body;
}

interface Layer {
  readonly standard: ValueName;
  readonly inverse: ValueName;
  readonly affine: ValueName;
  readonly output: ValueName;
}

/** BatchNorm on the batch's own moments, then ReLU. */
function normalise(body: OnnxGraph, sums: ValueName, layer: '1' | '2'): Layer {
  const mean = body.node('ReduceMean', [sums], { axes: [0], keepdims: 1 });
  const centred = body.node('Sub', [sums, mean]);
  const variance = body.node('ReduceMean', [body.node('Mul', [centred, centred])], { axes: [0], keepdims: 1 });
  const inverse = body.node('Reciprocal', [body.node('Sqrt', [body.node('Add', [variance, 'epsilon'])])]);
  const standard = body.node('Mul', [centred, inverse]);
  const affine = body.node('Add', [body.node('Mul', [standard, `at.g${layer}`]), `at.s${layer}`]);
  return { standard, inverse, affine, output: body.node('Relu', [affine]) };
}

function normaliseBack(
  body: OnnxGraph,
  { standard, inverse, affine }: Layer,
  { upstream, count, layer }: { upstream: ValueName; count: ValueName; layer: '1' | '2' },
): { input: ValueName; gain: ValueName; shift: ValueName } {
  const open = body.node('CastLike', [body.node('Greater', [affine, 'zero']), upstream]);
  const passed = body.node('Mul', [upstream, open]);
  const shift = body.node('ReduceSum', [passed, 'axis0'], { keepdims: 0 });
  const gain = body.node('ReduceSum', [body.node('Mul', [passed, standard]), 'axis0'], { keepdims: 0 });
  const along = body.node('Mul', [standard, body.node('Div', [gain, count])]);
  const inner = body.node('Sub', [body.node('Sub', [passed, body.node('Div', [shift, count])]), along]);
  return { input: body.node('Mul', [inner, body.node('Mul', [inverse, `at.g${layer}`])]), gain, shift };
}

/** The error one layer down: dZ W^T. */
function dense(body: OnnxGraph, error: ValueName, weights: ValueName): ValueName {
  return body.node('Gemm', [error, weights], { transB: 1 });
}
