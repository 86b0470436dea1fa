import { POOL5_LENGTH } from '@xvision/contracts';
import { float32Of, openSession, tensor } from '@xvision/engines';
import { ORDINARY_PARAMETERS, ordinaryGraph, type ParameterName } from './ordinary-graph.js';
import type { TrainingData } from './training-data.js';

export interface OrdinaryTraining extends AsyncDisposable {
  /** Goes back to the initial weights. */
  begin(): void;
  /** Goes on for one epoch; resolves to its mean loss. */
  epoch(): Promise<number>;
}

const FIELDS = Object.entries(ORDINARY_PARAMETERS) as [ParameterName, readonly number[]][];

/** The published network in its ordinary form, ready to train on one thread. */
export async function openOrdinaryTraining(
  { rows, count, labels, weights }: TrainingData,
  { batchSize, learningRate }: { batchSize: number; learningRate: number },
): Promise<OrdinaryTraining> {
  const session = await openSession(ordinaryGraph(learningRate), { threads: 1 });
  const targets = new Float32Array(count * 2);
  labels.forEach((label, row) => void (targets[row * 2 + label] = 1));
  const data = {
    rows: tensor('float32', [count, POOL5_LENGTH], rows),
    targets: tensor('float32', [count, 2], targets),
  };
  let parameters = initialParameters(weights);
  return {
    begin: () => void (parameters = initialParameters(weights)),
    async epoch() {
      const losses: number[] = [];
      for (const batches of batchesOf(count, batchSize)) {
        const state = FIELDS.map(([name, dims]) => [name, tensor('float32', dims, parameters[name])] as const);
        const results = await session.run({ ...data, ...Object.fromEntries(state), batches });
        for (const [name] of FIELDS) parameters[name] = float32Of(results, `next.${name}`);
        losses.push(...float32Of(results, 'losses'));
      }
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    },
    async [Symbol.asyncDispose]() {
      parameters = {} as typeof parameters;
      await session[Symbol.asyncDispose]();
    },
  };
}

function initialParameters({ first, second, output }: TrainingData['weights']): Record<ParameterName, Float32Array> {
  const vectors = FIELDS.map(([name, dims]) => {
    const size = dims.reduce((product, length) => product * length, 1);
    return [name, new Float32Array(size).fill(name.startsWith('g') ? 1 : 0)] as const;
  });
  const zeros = Object.fromEntries(vectors) as Record<ParameterName, Float32Array>;
  return { ...zeros, W1: first, W2: second, W3: output };
}

function batchesOf(count: number, batchSize: number) {
  const order = BigInt64Array.from({ length: count }, (_, index) => BigInt(index));
  const steps = Math.floor(count / batchSize);
  const full = order.subarray(0, steps * batchSize);
  const rest = order.subarray(steps * batchSize);
  return [
    ...(steps > 0 ? [tensor('int64', [steps, batchSize], full)] : []),
    ...(rest.length > 1 ? [tensor('int64', [1, rest.length], rest)] : []),
  ];
}
