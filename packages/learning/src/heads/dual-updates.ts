import type { OnnxGraph, ValueName } from '@xvision/engines';
import type { DualInputs } from './dual-inputs.js';
import { type Context, MOVES, SHARES } from './dual-moves.js';
import { DECAYED, velocityOf } from './dual-state.js';
import { backward, type Forward, type SecondLayer } from './dual-step.js';
import type { Read, Turn, Values } from './loop.js';

interface Step {
  readonly pass: Forward;
  readonly secondLayer: SecondLayer;
}

/** The small parameters after a step, and what the large ones have moved by. */
export function stepUpdate(turn: Turn, step: Step, context: Context): Values {
  return context.kind === 'momentum' ? momentumStep(turn, step, context) : descentStep(turn, step, context);
}

/** p ← p - lr · g, after p ← (1 - lr · decay) · p for weights under decay. */
function descentStep({ body, read }: Turn, { pass, secondLayer }: Step, { inputs, kind }: Context): Values {
  const error = body.node('Mul', [pass.error, inputs.descent]);
  const moved = backward(body, { pass, error }, { read, secondLayer });
  const keep: Read = (name) => (kind === 'decay' ? body.node('Mul', [read(name), inputs.kept]) : read(name));
  const perImage = (values: ValueName): ValueName => body.node('Div', [values, pass.count]);
  const next: Record<string, ValueName> = {};
  for (const [name, change] of Object.entries(moved.vectors)) next[name] = body.node('Add', [read(name), change]);
  const factors = [pass.second.output, perImage(error), keep('outputWeights')];
  next['outputWeights'] = body.node('Gemm', factors, { transA: 1 });
  next[MOVES.span] = append(body, keep(MOVES.span), perImage(moved.firstSum));
  next[MOVES.inputs] = append(body, read(MOVES.inputs), pass.first.output);
  next[MOVES.outputs] = append(body, keep(MOVES.outputs), perImage(moved.secondSum));
  if (kind === 'decay') next[SHARES] = keep(SHARES);
  return next;
}

/** v ← momentum · v + g + decay · p; p ← p - lr · v. */
function momentumStep({ body, read }: Turn, { pass, secondLayer }: Step, { inputs }: Context): Values {
  const gradients = backward(body, { pass, error: pass.error }, { read, secondLayer });
  const perImage = (values: ValueName): ValueName => body.node('Div', [values, pass.count]);
  const next: Record<string, ValueName> = {};
  const push = (name: string, velocity: ValueName): void => {
    next[velocityOf(name)] = velocity;
    next[name] = body.node('Sub', [read(name), body.node('Mul', [inputs.learningRate, velocity])]);
  };
  for (const [name, gradient] of Object.entries(gradients.vectors)) {
    push(name, body.node('Add', [coast(body, { name, read }, inputs), gradient]));
  }
  const factors = [pass.second.output, perImage(pass.error), coast(body, { name: 'outputWeights', read }, inputs)];
  push('outputWeights', body.node('Gemm', factors, { transA: 1 }));
  push(SHARES, coast(body, { name: SHARES, read }, inputs));
  for (const [name, gradient] of [
    [MOVES.span, perImage(gradients.firstSum)],
    [MOVES.outputs, perImage(gradients.secondSum)],
  ] as const) {
    push(name, coast(body, { name, read }, inputs));
    next[name] = append(body, next[name] ?? '', body.node('Mul', [inputs.descent, gradient]));
    next[velocityOf(name)] = append(body, next[velocityOf(name)] ?? '', gradient);
  }
  next[MOVES.inputs] = append(body, read(MOVES.inputs), pass.first.output);
  return next;
}

/** The rows of this batch behind those of the block's earlier ones. */
function append(body: OnnxGraph, rows: ValueName, more: ValueName): ValueName {
  return body.node('Concat', [rows, more], { axis: 0 });
}

/** What decay shrinks: weights, and so what the large ones have moved by and the shares of what they were. */
const SHRINKING: ReadonlySet<string> = new Set([...DECAYED, SHARES, MOVES.span, MOVES.outputs]);

/** momentum · v, plus decay · p for weights. */
function coast(
  body: OnnxGraph,
  { name, read }: { name: string; read: Read },
  { momentum, weightDecay }: DualInputs,
): ValueName {
  const kept = body.node('Mul', [momentum, read(velocityOf(name))]);
  return SHRINKING.has(name) ? body.node('Add', [kept, body.node('Mul', [weightDecay, read(name)])]) : kept;
}
