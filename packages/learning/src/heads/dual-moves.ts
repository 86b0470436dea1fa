import { type OnnxGraph, tensor, type ValueName } from '@xvision/engines';
import type { DualInputs } from './dual-inputs.js';
import { LARGE, type LargeName, SCALE, type StepKind, velocityOf } from './dual-state.js';
import type { SecondLayer } from './dual-step.js';
import type { Carried, Read, Turn, Values } from './loop.js';

// In a block of batches a large matrix stands still. What it is by now: shares of what it was as the block began, and of
// its velocity then, plus what the steps so far have moved it by, kept as rows.

/**
 * Moves of the large matrices, [images seen, hidden] each: rows of the span at those images, and the two factors of W2's
 * move, inputs^T outputs.
 */
export const MOVES = { span: 'moves.span', inputs: 'moves.inputs', outputs: 'moves.outputs' } as const;

/** How much of the matrix and of its velocity as the block began is in the matrix now: [1] under decay, [2] with momentum. */
export const SHARES = 'shares';

export interface Context {
  readonly inputs: DualInputs;
  readonly kind: StepKind;
}

interface Where {
  readonly body: OnnxGraph;
  readonly read: Read;
}

/** What the steps of a block carry for the large matrices; nothing has moved yet. */
export function movesCarried(hidden: number, { inputs, kind }: Context): Carried[] {
  const rows = (name: string): Carried => ({ name, dims: [null, hidden], start: inputs.noRows });
  const moves = Object.values(MOVES).map(rows);
  switch (kind) {
    case 'plain':
      return moves;
    case 'decay':
      return [...moves, { name: SHARES, dims: [1], start: inputs.whole }];
    case 'momentum':
      return [
        ...moves,
        ...[MOVES.span, MOVES.outputs].map((name) => rows(velocityOf(name))),
        { name: SHARES, dims: [2], start: inputs.ofPosition },
        { name: velocityOf(SHARES), dims: [2], start: inputs.ofVelocity },
      ];
    default:
      return kind satisfies never;
  }
}

/** What a large matrix is made of as a block begins: itself, and with momentum its velocity. */
export function basesOf(name: LargeName | typeof SCALE, kind: StepKind): string[] {
  return kind === 'momentum' ? [name, velocityOf(name)] : [name];
}

interface Mixing {
  readonly kind: StepKind;
  /** Whose shares: the matrix's, or its velocity's. */
  readonly of?: string;
}

/** Mixes products with the bases, or the bases themselves, by their shares. */
export function mixed({ body, read }: Where, products: readonly ValueName[], { kind, of = SHARES }: Mixing): ValueName {
  const [first = '', second = ''] = products;
  if (kind === 'plain') return first;
  if (kind === 'decay') return body.node('Mul', [first, read(of)]);
  const [own = '', ofVelocity = ''] = body.nodes('Split', [read(of)], { outputs: 2 });
  return body.node('Add', [body.node('Mul', [first, own]), body.node('Mul', [second, ofVelocity])]);
}

/** W2 in the middle of a block. */
export function movingLayer(turn: Turn, bases: readonly ValueName[], { kind }: Context): SecondLayer {
  const { body, read } = turn;
  const moved = (products: readonly ValueName[], left: ValueName, right: ValueName): ValueName =>
    body.node('Gemm', [left, right, mixed(turn, products, { kind })]);
  return {
    times: (values) => {
      const along = body.node('Gemm', [values, read(MOVES.inputs)], { transB: 1 });
      const products = bases.map((weights) => body.node('MatMul', [values, weights]));
      return moved(products, along, read(MOVES.outputs));
    },
    timesTransposed: (values) => {
      const along = body.node('Gemm', [values, read(MOVES.outputs)], { transB: 1 });
      const products = bases.map((weights) => body.node('Gemm', [values, weights], { transB: 1 }));
      return moved(products, along, read(MOVES.inputs));
    },
  };
}

/** The large matrices after a block, and the factor of W1_0, which moves like one whose gradient is zero. */
export function largeAfter(
  body: OnnxGraph,
  { rows, read, after }: { rows: ValueName; read: Read; after: Read },
  { kind }: Context,
): Values {
  const classAxis = body.constant('columns-of-rows', tensor('int64', [1], BigInt64Array.of(1n)));
  const places = body.node('Unsqueeze', [rows, classAxis]);
  const moved = (name: string, start: ValueName, of: (moves: string) => string): ValueName => {
    if (name === 'span') return body.node('ScatterND', [start, places, after(of(MOVES.span))], { reduction: 'add' });
    if (name === SCALE) return start;
    return body.node('Gemm', [after(MOVES.inputs), after(of(MOVES.outputs)), start], { transA: 1 });
  };
  const next: Record<string, ValueName> = {};
  for (const name of kind === 'plain' ? LARGE : ([...LARGE, SCALE] as const)) {
    const bases = basesOf(name, kind).map(read);
    const where = { body, read: after };
    next[name] = moved(name, mixed(where, bases, { kind }), (moves) => moves);
    if (kind !== 'momentum') continue;
    next[velocityOf(name)] = moved(name, mixed(where, bases, { kind, of: velocityOf(SHARES) }), velocityOf);
  }
  return next;
}
