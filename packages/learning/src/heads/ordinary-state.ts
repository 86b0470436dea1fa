export interface OrdinaryShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** What training moves, the first layer written out. Row-major. */
const LAYOUT = {
  firstWeights: ['inputs', 'hidden'],
  secondWeights: ['hidden', 'hidden'],
  outputWeights: ['hidden', 'classes'],
  outputBias: ['classes'],
  firstGain: ['hidden'],
  firstShift: ['hidden'],
  secondGain: ['hidden'],
  secondShift: ['hidden'],
} as const satisfies Record<string, readonly (keyof OrdinaryShape)[]>;

export type OrdinaryName = keyof typeof LAYOUT;
const NAMES = Object.keys(LAYOUT) as OrdinaryName[];

/** Those that weight decay shrinks: weights, not biases or BatchNorm's own. */
export const DECAYED_LAYERS: ReadonlySet<string> = new Set(['firstWeights', 'secondWeights', 'outputWeights']);

export function ordinaryLayout(shape: OrdinaryShape): { name: OrdinaryName; dims: number[] }[] {
  return NAMES.map((name) => ({ name, dims: LAYOUT[name].map((axis) => shape[axis]) }));
}

/** The state before the first step: given layers, unit gains, everything else zero; velocities only with momentum. */
export function initialOrdinaryState(
  shape: OrdinaryShape,
  layers: Readonly<Pick<Record<OrdinaryName, Float32Array>, 'firstWeights' | 'secondWeights' | 'outputWeights'>>,
  { momentum }: { readonly momentum: number },
): Record<string, Float32Array> {
  const state: Record<string, Float32Array> = {};
  for (const { name, dims } of ordinaryLayout(shape)) {
    const size = dims.reduce((product, length) => product * length, 1);
    state[name] = new Float32Array(size).fill(name.endsWith('Gain') ? 1 : 0);
    if (momentum !== 0) state[`velocity.${name}`] = new Float32Array(size);
  }
  return { ...state, ...layers };
}
