import { Buffer } from 'node:buffer';
import type { LoadedHead } from '@xvision/learning';
import { UnexportableError } from './unexportable-error.js';

/** BatchNorm's, as the networks are trained. */
const EPSILON = 1e-3;

/** A TF.js LayersModel: the text of `model.json` and the bytes of the weights file that it names. */
export interface LayersModel {
  readonly json: string;
  readonly weights: Uint8Array;
}

export const WEIGHTS_FILE = 'weights.bin';
export const LAYERS_FILE = 'model.json';

interface Layer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

/** One tensor of the weights file, with the name that TF.js looks for. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * The head as a Keras functional model in the form that `tf.loadLayersModel` reads: pool5 rows [n, 25088] in NHWC order to
 * probabilities [n, classes]; an ensemble's networks stand side by side and are averaged. Throws {@link UnexportableError}
 * for a logistic head: Keras has no layer for its square roots.
 */
export function composeLayersModel({ card, tensors }: Pick<LoadedHead, 'card' | 'tensors'>): LayersModel {
  if (card.head === 'logistic') {
    throw new UnexportableError(
      'a logistic head takes square roots of its input, for which a LayersModel has no layer: export it as onnx or safetensors',
    );
  }
  const members = [...tensors.keys()].filter((name) => name.endsWith('.firstWeights')).length;
  const networks = Array.from({ length: members }, (_, member) => networkLayers(member, { card, tensors }));
  const input = layer('InputLayer', [], {
    name: 'pool5',
    batch_input_shape: [null, card.featureLength],
    dtype: 'float32',
    sparse: false,
  });
  const outputs = networks.map(({ output }) => output);
  const average = members === 1 ? [] : [layer('Average', outputs, { name: 'probabilities' })];
  const layers = [input, ...networks.flatMap((network) => network.layers), ...average];
  const weights = networks.flatMap((network) => network.weights);
  const topology = {
    class_name: 'Model',
    config: {
      name: 'xvision_head',
      layers,
      input_layers: [['pool5', 0, 0]],
      output_layers: [[members === 1 ? (outputs[0] ?? '') : 'probabilities', 0, 0]],
    },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = JSON.stringify({
    format: 'layers-model',
    generatedBy: 'Xvision',
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: manifest }],
    userDefinedMetadata: { notice: 'Research use only; not a medical device', classes: card.classes, card },
  });
  return { json, weights: Buffer.concat(weights.map(({ values }) => bytesOf(values))) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

type Description = Readonly<Record<string, unknown>> & { readonly name: string };

function layer(kind: string, inputs: readonly string[], config: Description): Layer {
  return {
    class_name: kind,
    name: config.name,
    config,
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
  };
}

/** Dense, BatchNorm, ReLU, twice, and the softmax. */
function networkLayers(
  member: number,
  { card, tensors }: Pick<LoadedHead, 'card' | 'tensors'>,
): { layers: Layer[]; weights: Weight[]; output: string } {
  const part = (name: string): Float32Array => {
    const values = tensors.get(`member.${member}.${name}`)?.values;
    if (values instanceof Float32Array) return values;
    throw new UnexportableError(`network ${member} of the model has no ${name}: its file was altered; train again`);
  };
  const layers: Layer[] = [];
  const weights: Weight[] = [];
  let before = 'pool5';
  for (const place of ['first', 'second'] as const) {
    const stem = `network${member}_${place}`;
    const [dense, norm, relu] = [`${stem}_dense`, `${stem}_norm`, `${stem}_relu`];
    const [mean, kernel] = [part(`${place}Mean`), part(`${place}Weights`)];
    const units = mean.length;
    layers.push(
      layer('Dense', [before], { name: dense, units, activation: 'linear', use_bias: false }),
      layer('BatchNormalization', [dense], { name: norm, axis: -1, epsilon: EPSILON, center: true, scale: true }),
      layer('Activation', [norm], { name: relu, activation: 'relu' }),
    );
    weights.push(
      { name: `${dense}/kernel`, shape: [kernel.length / units, units], values: kernel },
      { name: `${norm}/gamma`, shape: [units], values: part(`${place}Gain`) },
      { name: `${norm}/beta`, shape: [units], values: part(`${place}Shift`) },
      { name: `${norm}/moving_mean`, shape: [units], values: mean },
      { name: `${norm}/moving_variance`, shape: [units], values: part(`${place}Variance`) },
    );
    before = relu;
  }
  const output = `network${member}_output`;
  const units = card.classes.length;
  const kernel = part('outputWeights');
  layers.push(layer('Dense', [before], { name: output, units, activation: 'softmax', use_bias: true }));
  weights.push(
    { name: `${output}/kernel`, shape: [kernel.length / units, units], values: kernel },
    { name: `${output}/bias`, shape: [units], values: part('outputBias') },
  );
  return { layers, weights, output };
}
