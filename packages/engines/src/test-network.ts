import { OnnxGraph } from './onnx-graph.js';
import { type Tensors, tensor } from './tensor.js';

/** Numbers in [-1, 1) that are the same in every run. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

/** A network of the kind that every engine must run: bytes in, convolution, pool, flattened rows out. */
export function aSmallNetwork(): Uint8Array {
  const graph = new OnnxGraph('small');
  const bytes = graph.input('rgb', 'uint8', ['n', 8, 8, 3]);
  const floats = graph.node('Cast', [graph.node('Transpose', [bytes], { perm: [0, 3, 1, 2] })], { to: 1 });
  const means = graph.constant('means', tensor('float32', [1, 3, 1, 1], Float32Array.of(120, 110, 100)));
  const kernel = graph.constant('kernel', tensor('float32', [5, 3, 3, 3], noise(135, 1)));
  const bias = graph.constant('bias', tensor('float32', [5], noise(5, 2)));
  const centred = graph.node('Sub', [floats, means]);
  const sums = graph.node('Conv', [centred, kernel, bias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const pooled = graph.node('MaxPool', [graph.node('Relu', [sums])], { kernel_shape: [2, 2], strides: [2, 2] });
  const flat = graph.node('Flatten', [graph.node('Transpose', [pooled], { perm: [0, 2, 3, 1] })], { axis: 1 });
  graph.output(flat, 'float32', { dims: ['n', 80], as: 'rows' });
  return graph.encode();
}

/** As many pictures for {@link aSmallNetwork}, each another one. */
export function somePictures(count: number): Tensors {
  const bytes = Uint8Array.from(noise(count * 192, 3), (value) => 128 + 127 * value);
  return { rgb: tensor('uint8', [count, 8, 8, 3], bytes) };
}
