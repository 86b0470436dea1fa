import type { Vgg16Weights } from '@xvision/backbone';
import { type ExplainedHead, headNetworks } from './head-networks.js';
import { isCellMethod } from './methods.js';
import { type Mapper, type MapperOptions, openMapper } from './open-mapper.js';
import { UnexplainableError } from './unexplainable-error.js';

export type ExplainerOptions = Omit<MapperOptions, 'networks'>;

/**
 * Explains a head by one method. Throws {@link UnexplainableError} when the head is no network, and when the weights at
 * hand are not those of the backbone that the model was trained on.
 */
export async function openExplainer(head: ExplainedHead, options: ExplainerOptions): Promise<Mapper> {
  const networks = headNetworks(head);
  const weights = async () => {
    const found = await options.weights();
    assertSameBackbone(found, head.card);
    return found;
  };
  if (!isCellMethod(options.method)) assertExact(head.card);
  return await openMapper({ ...options, networks, weights });
}

/** Throws {@link UnexplainableError} when these are other weights than the model's. */
function assertSameBackbone(
  { identity, origin }: Vgg16Weights,
  { weights: trained }: Pick<ExplainedHead['card'], 'weights'>,
): void {
  if (identity === trained) return;
  throw new UnexplainableError(
    `the model was trained on another backbone: its features are of the weights ${trained}, ` +
      `these (${origin}) are ${identity}. Name the right file in XVISION_WEIGHTS`,
  );
}

function assertExact({ numerics }: ExplainedHead['card']): void {
  if (numerics === 'float32') return;
  throw new UnexplainableError(
    `the model was trained on ${numerics} features, and the way through the backbone computes float32: ` +
      'take --method grad-cam or hires-cam, which need the features alone',
  );
}
