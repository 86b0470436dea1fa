import { float32Of, openSession, tensor } from '@xvision/engines';
import type { SharedRows } from '@xvision/learning';
import { randomNumbers } from './feature-rows.js';
import { ORDINARY_PARAMETERS, ordinaryGraph, type ParameterName } from './ordinary-graph.js';

export interface OrdinaryTraining extends AsyncDisposable {
  /** Goes on for one epoch; resolves to its mean loss. */
  epoch(): Promise<number>;
}

const FIELDS = Object.entries(ORDINARY_PARAMETERS) as [ParameterName, readonly number[]][];

/** The published network in its ordinary form, ready to train on one thread. */
export async function openOrdinaryTraining(
  { values, count, width }: SharedRows,
  { labels, batchSize, learningRate }: { labels: Int32Array; batchSize: number; learningRate: number },
): Promise<OrdinaryTraining> {
  const session = await openSession(ordinaryGraph(learningRate), { threads: 1 });
  const targets = new Float32Array(count * 2);
  labels.forEach((label, row) => void (targets[row * 2 + label] = 1));
  const data = {
    rows: tensor('float32', [count, width], new Float32Array(values)),
    targets: tensor('float32', [count, 2], targets),
  };
  let parameters = initialParameters();
  return {
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

function initialParameters(): Record<ParameterName, Float32Array> {
  const random = randomNumbers(1);
  const entries = FIELDS.map(([name, dims]) => {
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
    if (name.startsWith('g')) values.fill(1);
    if (name.startsWith('W')) {
      const limit = Math.sqrt(6 / ((dims[0] ?? 0) + (dims[1] ?? 0)));
      for (let i = 0; i < values.length; i += 1) values[i] = (random() * 2 - 1) * limit;
    }
    return [name, values] as const;
  });
  return Object.fromEntries(entries) as Record<ParameterName, Float32Array>;
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
