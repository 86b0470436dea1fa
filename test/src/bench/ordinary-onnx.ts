import { openOrdinaryTraining } from './ordinary-training.js';
import { serveTraining } from './serve-training.js';
import { readTrainingData, SETTINGS } from './training-data.js';

/** The textbook form as an ONNX graph on the library that we use ourselves. Argument: the folder with the data. */
const training = await openOrdinaryTraining(await readTrainingData(process.argv[2] ?? ''), SETTINGS);

await serveTraining('onnxruntime-node', {
  begin: () => training.begin(),
  async train(epochs) {
    const losses: number[] = [];
    for (let epoch = 0; epoch < epochs; epoch += 1) losses.push(await training.epoch());
    return { losses };
  },
});
