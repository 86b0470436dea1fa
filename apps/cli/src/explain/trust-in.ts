import { type ExplanationMethod, modelTrustSchema, type TrustVerdict } from '@xvision/contracts';
import type { ApiClient } from '../api-client.js';
import { CommandError } from '../failure.js';

/** What the newest trust card of a model says of a method. */
export type Trust = Pick<TrustVerdict, 'verdict' | 'sentence' | 'images'>;

/** Said under every map, and in JSON beside it. */
export function trustLine({ verdict, sentence, images }: Trust): string {
  const line = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
  if (verdict === 'passed')
    return `${line} (a card of ${images} images). It follows the model; whether the model is right is another question.`;
  return `${line}.${verdict === 'failed' ? ' The pictures are struck out.' : ''}`;
}

/** What failed its tests is not drawn, unless someone wants to see it all the same: then it is struck out. */
export async function trustIn(
  api: ApiClient,
  { id, className, method }: { id: string; className: string; method: ExplanationMethod },
  anyway: boolean,
): Promise<Trust> {
  const known = await api.get(`/api/models/${id}/trust-card?class=${encodeURIComponent(className)}`, modelTrustSchema);
  if (known.unexplainable !== null) throw new CommandError(known.unexplainable);
  const found = known.verdicts.find((one) => one.method === method);
  if (found === undefined) throw new CommandError(`the API knows nothing of ${method}: update it`);
  const { verdict, sentence, images } = found;
  if (verdict === 'failed' && !anyway)
    throw new CommandError(`${sentence}. No map was drawn; add --anyway to see it struck out`);
  return { verdict, sentence, images };
}
