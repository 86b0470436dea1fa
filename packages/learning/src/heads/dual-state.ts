import { type Floats, floats, type Precision } from './precision.js';

/** BatchNorm's epsilon in the published network. */
export const EPSILON = 1e-3;

/** Units of each hidden layer of the published network. */
export const HIDDEN = 512;

/** N images, H hidden units, C classes. */
export interface DualShape {
  readonly images: number;
  readonly hidden: number;
  readonly classes: number;
}

/**
 * What training moves. The first layer is `scale * W1_0 + X^T span`: its weights in the span of the training rows.
 * Row-major.
 */
export const PARAMETERS = {
  span: ['images', 'hidden'],
  secondWeights: ['hidden', 'hidden'],
  outputWeights: ['hidden', 'classes'],
  outputBias: ['classes'],
  firstGain: ['hidden'],
  firstShift: ['hidden'],
  secondGain: ['hidden'],
  secondShift: ['hidden'],
} as const satisfies Record<string, readonly (keyof DualShape)[]>;

export type ParameterName = keyof typeof PARAMETERS;
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as ParameterName[];

/** The two large matrices. Within a block of batches they stand still, and what they move by is kept as rows. */
export const LARGE = ['span', 'secondWeights'] as const satisfies readonly ParameterName[];
export type LargeName = (typeof LARGE)[number];
export type SmallName = Exclude<ParameterName, LargeName>;

/** Those that weight decay shrinks: weights, not biases or BatchNorm's own. */
export const DECAYED: ReadonlySet<ParameterName> = new Set(['span', 'secondWeights', 'outputWeights']);

/** Factor of the initial first-layer weights, where weight decay or momentum is on. */
export const SCALE = 'scale';

/** Momentum's copy of what moves. */
export function velocityOf(name: string): string {
  return `velocity.${name}`;
}

/** Name → values of everything from which training goes on to the same bits. */
export type DualState = Readonly<Record<string, Floats>>;

export function dimsOf(name: ParameterName, shape: DualShape): number[] {
  return PARAMETERS[name].map((axis) => shape[axis]);
}

/** What a step does besides following the gradient; each keeps more state, and does more work, than the one before. */
export type StepKind = 'plain' | 'decay' | 'momentum';

/** The name and shape of every tensor of the state. */
export function stateLayout(shape: DualShape, kind: StepKind): { name: string; dims: number[] }[] {
  const parameters = PARAMETER_NAMES.map((name) => ({ name: name as string, dims: dimsOf(name, shape) }));
  if (kind === 'plain') return parameters;
  if (kind === 'decay') return [...parameters, { name: SCALE, dims: [1] }];
  const velocities = PARAMETER_NAMES.map((name) => ({ name: velocityOf(name), dims: dimsOf(name, shape) }));
  return [...parameters, ...velocities, { name: SCALE, dims: [1] }, { name: velocityOf(SCALE), dims: [1] }];
}

/** That part of the state which moves with every step, not with every block. */
export function smallLayout({ hidden, classes, kind }: { hidden: number; classes: number; kind: StepKind }): {
  name: string;
  dims: number[];
}[] {
  const names = new Set([...LARGE, SCALE].flatMap((name) => [name, velocityOf(name)]));
  return stateLayout({ images: 0, hidden, classes }, kind).filter(({ name }) => !names.has(name));
}

export interface InitialLayers {
  readonly secondWeights: Floats;
  readonly outputWeights: Floats;
}

/** The state before the first step: given layers, unit gains, everything else zero. */
export function initialState(
  shape: DualShape,
  layers: InitialLayers,
  { precision, kind }: { precision: Precision; kind: StepKind },
): DualState {
  const state: Record<string, Floats> = {};
  for (const { name, dims } of stateLayout(shape, kind)) {
    state[name] = floats(
      precision,
      dims.reduce((product, size) => product * size, 1),
    );
  }
  state['secondWeights'] = layers.secondWeights;
  state['outputWeights'] = layers.outputWeights;
  for (const name of ['firstGain', 'secondGain', ...(kind === 'plain' ? [] : [SCALE])]) state[name]?.fill(1);
  return state;
}
