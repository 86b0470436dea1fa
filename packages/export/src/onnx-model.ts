import { addVgg16, type Vgg16Weights } from '@xvision/backbone';
import { OnnxGraph } from '@xvision/engines';
import { addHead, type LoadedHead } from '@xvision/learning';
import { UnexportableError } from './unexportable-error.js';

export const PROBABILITIES = 'probabilities';

/**
 * One graph from uint8 RGB pixels [n, 224, 224, 3] to probabilities [n, classes]: preprocessing, VGG16 and head. Throws
 * {@link UnexportableError} when the weights at hand are not those that the model's features came from.
 */
export function composeOnnx(weights: Vgg16Weights, head: Pick<LoadedHead, 'card' | 'tensors'>): Uint8Array {
  const { card } = head;
  if (weights.identity !== card.weights) {
    throw new UnexportableError(
      `the model was trained on features of the weights ${card.weights}; these (${weights.origin}) are ${weights.identity}. ` +
        'Name the right file in XVISION_WEIGHTS, for the dashboard or for "xvision up"',
    );
  }
  if (card.numerics !== 'float32') {
    throw new UnexportableError(
      `the model was trained on ${card.numerics} features, and the exported graph would compute float32: train it on float32 features first`,
    );
  }
  const graph = new OnnxGraph('xvision');
  const probabilities = addHead(graph, addVgg16(graph, weights), head);
  graph.output(probabilities, 'float32', { dims: ['n', card.classes.length], as: PROBABILITIES });
  return graph.encode({
    notice: 'Research use only; not a medical device',
    classes: JSON.stringify(card.classes),
    input: `uint8 RGB, 224 x 224, prepared as ${card.preprocessing} says: centre crop to the short edge, resized; grey images with three equal channels`,
    card: JSON.stringify(card),
  });
}
