import { type ConvolutionLayer, PARAMETERS } from './vgg16-architecture.js';
import { layersOf, WeightsError } from './weights.js';

interface Hdf5Group {
  readonly attrs: Readonly<Record<string, { readonly value: unknown }>>;
  get(name: string): unknown;
}

/**
 * Reads the 13 layers of a Keras HDF5 file through its `layer_names` and `weight_names` attributes: the names of the
 * data sets differ between Keras releases. Throws {@link WeightsError} for a file that is cut short or shaped otherwise.
 */
export async function readKerasFile(file: string): Promise<Float32Array> {
  // Loaded on demand: 4 MB of WebAssembly that a machine with a warm cache never needs.
  const { File, ready } = await import('h5wasm/node');
  (await ready).activate_throwing_error_handler();
  let opened: InstanceType<typeof File>;
  try {
    opened = new File(file, 'r');
  } catch (error) {
    throw new WeightsError(`${file} is not a whole HDF5 file: ${lastReason(error)}. Fetch it again.`, { cause: error });
  }
  try {
    return readLayers(opened, file);
  } finally {
    opened.close();
  }
}

function readLayers(root: Hdf5Group, file: string): Float32Array {
  const names = stringsOf(root, 'layer_names', file);
  const values = new Float32Array(PARAMETERS);
  for (const { layer, kernel, bias } of layersOf(values)) {
    if (!names.includes(layer.name)) {
      throw new WeightsError(`${file} has no layer ${layer.name}; it has ${names.join(', ') || 'none'}.`);
    }
    const group = root.get(layer.name) as Hdf5Group;
    const [kernelName, biasName] = stringsOf(group, 'weight_names', `${file}, layer ${layer.name}`);
    const where = `${file}, layer ${layer.name}`;
    kernel.set(readValues(group, { name: kernelName, shape: [3, 3, layer.inputs, layer.outputs], layer, where }));
    bias.set(readValues(group, { name: biasName, shape: [layer.outputs], layer, where }));
  }
  return values;
}

interface Wanted {
  readonly name: string | undefined;
  readonly shape: readonly number[];
  readonly layer: ConvolutionLayer;
  readonly where: string;
}

function readValues(group: Hdf5Group, { name, shape, layer, where }: Wanted): Float32Array {
  const dataset = (name === undefined ? null : group.get(name)) as { shape?: number[]; value?: unknown } | null;
  if (dataset?.shape === undefined) throw new WeightsError(`${where}: the data set ${name ?? ''} is missing.`);
  if (dataset.shape.join() !== shape.join()) {
    const oihw = [layer.outputs, layer.inputs, 3, 3].join() === dataset.shape.join();
    const hint = oihw ? ' That is the order OIHW of PyTorch and ONNX; Keras’ files are HWIO.' : '';
    throw new WeightsError(
      `${where}: ${name} has shape [${dataset.shape.join(', ')}], not [${shape.join(', ')}].${hint}`,
    );
  }
  let value: unknown;
  try {
    value = dataset.value;
  } catch (error) {
    throw new WeightsError(`${where}: ${name} cannot be read: ${lastReason(error)}.`, { cause: error });
  }
  if (!(value instanceof Float32Array)) throw new WeightsError(`${where}: ${name} is not float32.`);
  return value;
}

function stringsOf(group: Hdf5Group, attribute: string, where: string): string[] {
  const value = group.attrs[attribute]?.value;
  if (!Array.isArray(value)) {
    throw new WeightsError(`${where} has no attribute ${attribute}; it is not a weights file that Keras wrote.`);
  }
  return value.map(String);
}

/** HDF5 reports a stack of calls; the deepest names the cause. */
function lastReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/#\d+: .*\(\): (.*)/g)];
  return reasons.at(-1)?.[1] ?? text;
}
