import { OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import {
  DECAYED,
  type DualShape,
  PARAMETER_NAMES,
  type ParameterName,
  SCALE,
  SCALE_VELOCITY,
  type StepKind,
  stateLayout,
  velocityOf,
} from './dual-state.js';
import {
  backward,
  FACTORED,
  type FactoredName,
  type Factors,
  type Forward,
  forward,
  type Gradients,
} from './dual-step.js';
import { floatTensor, type Precision } from './precision.js';

export interface DualGraphOptions {
  readonly precision: Precision;
  readonly hidden: number;
  readonly classes: number;
  readonly kind: StepKind;
}

/** Values that the body of the loop reads from the graph around it. */
export interface DualInputs {
  readonly kernel: ValueName;
  readonly projection: ValueName;
  readonly targets: ValueName;
  readonly learningRate: ValueName;
  readonly momentum: ValueName;
  readonly weightDecay: ValueName;
}

/**
 * SGD over a list of batches as one inference-only graph (science.md, section 2): a `Loop` whose body is the forward
 * pass, the loss, the backward pass written out by hand and the update. Sizes of the data and of a batch are free, so one
 * graph serves every fold, the short last batch and any number of epochs.
 *
 * Inputs: kernel [n, n] = X X^T, projection [n, hidden] = X W1_0, targets [n, classes] one-hot, order int64: the rows of
 * all batches, sizes [steps] int64: how many of them each batch has, learningRate, momentum, weightDecay [1], and the
 * state. Outputs: losses [steps] and the state, as `next.<name>`.
 */
export function dualGraph(options: DualGraphOptions): Uint8Array {
  const { precision, hidden, classes } = options;
  const graph = new OnnxGraph('dual-sgd');
  const inputs: DualInputs = {
    kernel: graph.input('kernel', precision, ['n', 'n']),
    projection: graph.input('projection', precision, ['n', hidden]),
    targets: graph.input('targets', precision, ['n', classes]),
    learningRate: graph.input('learningRate', precision, [1]),
    momentum: graph.input('momentum', precision, [1]),
    weightDecay: graph.input('weightDecay', precision, [1]),
  };
  const order = graph.input('order', 'int64', ['taken']);
  const sizes = graph.input('sizes', 'int64', ['steps']);
  const layout = layoutOf(options);
  for (const { name, dims } of layout) graph.input(name, precision, dims);

  const batches = graph.node('SplitToSequence', [order, sizes]);
  const go = graph.constant('go', tensor('bool', [], Uint8Array.of(1)));
  const body = loopBody(graph, { options, inputs, batches });
  const results = graph.nodes('Loop', [graph.node('Size', [sizes]), go, ...layout.map(({ name }) => name)], {
    attributes: { body },
    outputs: layout.length + 1,
  });
  layout.forEach(({ name, dims }, index) => {
    graph.output(results[index] ?? '', precision, { dims, as: `next.${name}` });
  });
  const likelihoods = results[layout.length] ?? '';
  const means = graph.node('Div', [likelihoods, graph.node('CastLike', [sizes, likelihoods])]);
  graph.output(graph.node('Neg', [means]), precision, { dims: ['steps'], as: 'losses' });
  return graph.encode();
}

function layoutOf({ hidden, classes, kind }: DualGraphOptions): { name: string; dims: (number | string)[] }[] {
  const shape: DualShape = { images: -1, hidden, classes };
  return stateLayout(shape, kind).map(({ name, dims }) => ({
    name,
    dims: dims.map((size) => (size === -1 ? 'n' : size)),
  }));
}

interface BodyContext {
  readonly options: DualGraphOptions;
  readonly inputs: DualInputs;
  readonly batches: ValueName;
}

function loopBody(graph: OnnxGraph, { options, inputs, batches }: BodyContext): OnnxGraph {
  const { precision, kind } = options;
  const body = graph.subgraph('step');
  const iteration = body.input('iteration', 'int64', []);
  const going = body.input('going', 'bool', []);
  const layout = layoutOf(options);
  const state: Record<string, ValueName> = {};
  for (const { name, dims } of layout) state[name] = body.input(`at.${name}`, precision, dims);
  const read = (name: string): ValueName => state[name] ?? '';

  const indices = body.node('SequenceAt', [batches, iteration]);
  const pass = forward(body, { read, indices, inputs, ...options });
  const back = backward(body, pass, read);
  const next = UPDATES[kind](body, { read, inputs, pass, precision, ...back });

  body.output(body.node('Identity', [going]), 'bool', { dims: [] });
  for (const { name, dims } of layout) body.output(next[name] ?? '', precision, { dims });
  body.output(pass.likelihood, precision, { dims: [] });
  return body;
}

interface UpdateContext {
  readonly read: (name: string) => ValueName;
  readonly inputs: DualInputs;
  readonly pass: Forward;
  readonly gradients: Omit<Gradients, FactoredName>;
  readonly factors: Factors;
  readonly precision: Precision;
}

type Update = (body: OnnxGraph, context: UpdateContext) => Record<string, ValueName>;

const UPDATES: Readonly<Record<StepKind, Update>> = {
  plain: plainUpdate,
  decay: decayUpdate,
  momentum: momentumUpdate,
};

/** p ← p - lr · g; of the span only the batch's own rows change, and a product moves its weights without being written out. */
function plainUpdate(body: OnnxGraph, context: UpdateContext): Record<string, ValueName> {
  const { read, inputs, pass, gradients, factors } = context;
  const next: Record<string, ValueName> = {};
  const back = body.node('Neg', [inputs.learningRate]);
  const backPerImage = body.node('Div', [back, pass.count]);
  for (const name of PARAMETER_NAMES) {
    if (isFactored(name)) {
      const outputs = body.node('Mul', [backPerImage, factors[name].outputs]);
      next[name] = body.node('Gemm', [factors[name].inputs, outputs, read(name)], { transA: 1 });
    } else if (name === 'span') {
      const change = body.node('Mul', [backPerImage, gradients[name]]);
      next[name] = body.node('ScatterND', [read(name), pass.scatter, change], { reduction: 'add' });
    } else {
      next[name] = body.node('Add', [read(name), body.node('Mul', [back, gradients[name]])]);
    }
  }
  return next;
}

/** p ← (1 - lr · decay) · p - lr · g for the weights; all of the span shrinks, and so does the factor of W1_0. */
function decayUpdate(body: OnnxGraph, context: UpdateContext): Record<string, ValueName> {
  const { read, inputs, precision } = context;
  const one = body.constant('one', floatTensor([1], precision === 'float32' ? Float32Array.of(1) : Float64Array.of(1)));
  const kept = body.node('Sub', [one, body.node('Mul', [inputs.learningRate, inputs.weightDecay])]);
  const shrunk = (name: string): ValueName => body.node('Mul', [read(name), kept]);
  const next = plainUpdate(body, {
    ...context,
    read: (name) => (PARAMETER_NAMES.some((one) => one === name && DECAYED.has(one)) ? shrunk(name) : read(name)),
  });
  return { ...next, [SCALE]: shrunk(SCALE) };
}

/** v ← momentum · v + g + decay · p; p ← p - lr · v. The factor of W1_0 moves like a parameter whose gradient is zero. */
function momentumUpdate(body: OnnxGraph, context: UpdateContext): Record<string, ValueName> {
  const { read, inputs, pass, gradients, factors } = context;
  const next: Record<string, ValueName> = {};
  const perImage = (values: ValueName): ValueName => body.node('Div', [values, pass.count]);
  const step = (name: string, velocityName: string, velocity: ValueName): void => {
    next[velocityName] = velocity;
    next[name] = body.node('Sub', [read(name), body.node('Mul', [inputs.learningRate, velocity])]);
  };
  const coast = (name: string, velocityName: string, decayed: boolean): ValueName => {
    const kept = body.node('Mul', [inputs.momentum, read(velocityName)]);
    return decayed ? body.node('Add', [kept, body.node('Mul', [inputs.weightDecay, read(name)])]) : kept;
  };
  for (const name of PARAMETER_NAMES) {
    const velocity = coast(name, velocityOf(name), DECAYED.has(name));
    if (isFactored(name)) {
      const { inputs: left, outputs: right } = factors[name];
      step(name, velocityOf(name), body.node('Gemm', [left, perImage(right), velocity], { transA: 1 }));
    } else if (name === 'span') {
      const moved = body.node('ScatterND', [velocity, pass.scatter, perImage(gradients[name])], { reduction: 'add' });
      step(name, velocityOf(name), moved);
    } else {
      step(name, velocityOf(name), body.node('Add', [velocity, gradients[name]]));
    }
  }
  step(SCALE, SCALE_VELOCITY, coast(SCALE, SCALE_VELOCITY, true));
  return next;
}

function isFactored(name: ParameterName): name is FactoredName {
  return FACTORED.some((one) => one === name);
}
