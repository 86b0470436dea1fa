import { HIDDEN, initialState } from '../heads/dual-state.js';
import { bindProblem, type DualEngine } from '../heads/dual-training.js';
import { initialLayers } from './initial-layers.js';
import type { DualData, TrainJob } from './messages.js';
import type { NetworkTraining, Parameters } from './network-training.js';
import { gatherRows, submatrix } from './shared-rows.js';

/** A network in the span of its images (docs/decisions/0051), on ONNX Runtime. */
export function dualNetwork(engine: DualEngine, job: TrainJob, { kernel, projection }: DualData): NetworkTraining {
  const { labels, train, classes, settings, key } = job;
  const products = {
    kernel: submatrix(kernel, train, train),
    projection: gatherRows(projection, train),
    labels: Int32Array.from(train, (index) => labels[index] ?? 0),
  };
  const problem = bindProblem(products, { classes, settings, precision: 'float32' });
  return {
    start: () => {
      const layers = initialLayers(key, { hidden: HIDDEN, classes });
      return initialState(problem.shape, layers, { precision: 'float32', kind: engine.kind }) as Parameters;
    },
    epochs: async (parameters, passes) => {
      const { state, losses } = await engine.epochs(problem, parameters, passes);
      return { parameters: state as Parameters, losses };
    },
    finish: (parameters, tested) =>
      engine.finish(problem, parameters, {
        kernel: submatrix(kernel, tested, train),
        projection: gatherRows(projection, tested),
      }),
  };
}
