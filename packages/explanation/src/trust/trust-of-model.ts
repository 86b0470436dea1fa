import type { ModelTrust, TrustCardResult, TrustVerdict } from '@xvision/contracts';
import type { HeadCard } from '@xvision/learning';
import { unexplainable } from '../head-networks.js';
import { METHODS } from '../methods.js';

/** A trust card and the study that it came from. */
export interface KnownCard {
  readonly studyId: string;
  readonly card: TrustCardResult;
}

/**
 * What is known of every method for one class of a model: the newest card that tested it, else `untested`. A card of
 * another class says nothing about this one; of a head without maps nothing is asked. `cards`: newest first.
 */
export function trustOfModel(
  { id: modelId, head }: { readonly id: string; readonly head: HeadCard['head'] },
  className: string,
  cards: readonly KnownCard[],
): ModelTrust {
  const reason = unexplainable({ head }) ?? null;
  return {
    modelId,
    class: className,
    unexplainable: reason,
    verdicts: (reason === null ? METHODS : []).map((method): TrustVerdict => {
      for (const { studyId, card } of cards) {
        const found = card.class === className ? card.methods.find((one) => one.method === method) : undefined;
        if (found !== undefined) return { ...found, studyId, images: card.images };
      }
      const sentence = `not evidence: ${method} maps of this model were not tested; "xvision trust-card ${modelId} --method ${method}" tests them`;
      return { method, verdict: 'untested', sentence, studyId: null, images: null, tests: [], cascade: [] };
    }),
    notice: 'Research use only; not a medical device',
  };
}
