import { HIDDEN } from '../heads/dual-state.js';
import { initialOrdinaryState } from '../heads/ordinary-state.js';
import type { OrdinaryEngine, OrdinaryProblem } from '../heads/ordinary-training.js';
import { initialFirstWeights, initialLayers } from './initial-layers.js';
import type { OrdinaryData, TrainJob } from './messages.js';
import type { NetworkTraining } from './network-training.js';
import { gatherRows } from './shared-rows.js';

/** A network with its first layer written out, on TensorFlow.js. */
export function ordinaryNetwork(engine: OrdinaryEngine, job: TrainJob, { rows }: OrdinaryData): NetworkTraining {
  const { labels, train, classes, settings, key } = job;
  const rowsOf =
    (places: Int32Array): OrdinaryProblem['rows'] =>
    (indices) =>
      gatherRows(
        rows,
        indices.map((index) => places[index] ?? 0),
      );
  const problem: OrdinaryProblem = {
    shape: { inputs: rows.width, hidden: HIDDEN, classes },
    images: train.length,
    rows: rowsOf(train),
    labels: Int32Array.from(train, (index) => labels[index] ?? 0),
    settings,
  };
  return {
    start: () => {
      const layers = {
        firstWeights: initialFirstWeights(rows.width, key),
        ...initialLayers(key, { hidden: HIDDEN, classes }),
      };
      return initialOrdinaryState(problem.shape, layers, settings);
    },
    epochs: async (parameters, { orders, batchSize }) => {
      let current = parameters;
      const losses: number[] = [];
      for (const order of orders) {
        const { state, loss } = engine.epoch(problem, current, { order, batchSize });
        current = state;
        losses.push(loss);
      }
      return { parameters: current, losses };
    },
    finish: async (parameters, tested) =>
      engine.finish(problem, parameters, { count: tested.length, rows: rowsOf(tested) }),
  };
}
