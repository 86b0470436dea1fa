import type { OnnxGraph, ValueName } from '@xvision/engines';
import type { StepKind } from './dual-state.js';
import { floats, floatTensor, type Precision } from './precision.js';

export interface DualGraphOptions {
  readonly precision: Precision;
  readonly hidden: number;
  readonly classes: number;
  readonly kind: StepKind;
}

/** Values of the graph around the loops, the same in every step. */
export interface DualInputs {
  readonly kernel: ValueName;
  readonly projection: ValueName;
  readonly targets: ValueName;
  readonly learningRate: ValueName;
  readonly momentum: ValueName;
  readonly weightDecay: ValueName;
  /** -lr. */
  readonly descent: ValueName;
  /** 1 - lr · decay. */
  readonly kept: ValueName;
  /** No rows, [0, hidden]. */
  readonly noRows: ValueName;
  /** 1 [1]; 1 and 0, 0 and 1 [2]. */
  readonly whole: ValueName;
  readonly ofPosition: ValueName;
  readonly ofVelocity: ValueName;
}

/** Declares what every training reads besides its state and its batches. */
export function inputsOf(graph: OnnxGraph, { precision, hidden, classes }: DualGraphOptions): DualInputs {
  const scalar = (name: string): ValueName => graph.input(name, precision, [1]);
  const learningRate = scalar('learningRate');
  const weightDecay = scalar('weightDecay');
  const shares = (name: string, values: readonly number[]): ValueName => {
    const made = floats(precision, values.length);
    made.set(values);
    return graph.constant(name, floatTensor([values.length], made));
  };
  const whole = shares('whole', [1]);
  return {
    kernel: graph.input('kernel', precision, ['n', 'n']),
    projection: graph.input('projection', precision, ['n', hidden]),
    targets: graph.input('targets', precision, ['n', classes]),
    learningRate,
    momentum: scalar('momentum'),
    weightDecay,
    descent: graph.node('Neg', [learningRate]),
    kept: graph.node('Sub', [whole, graph.node('Mul', [learningRate, weightDecay])]),
    noRows: graph.constant('no-rows', floatTensor([0, hidden], floats(precision, 0))),
    whole,
    ofPosition: shares('of-position', [1, 0]),
    ofVelocity: shares('of-velocity', [0, 1]),
  };
}
