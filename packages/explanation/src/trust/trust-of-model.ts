import type { ModelTrust, TrustCardResult, TrustVerdict } from '@xvision/contracts';
import { METHODS } from '../methods.js';

/** A trust card and the study that it came from. */
export interface KnownCard {
  readonly studyId: string;
  readonly card: TrustCardResult;
}

/**
 * What is known of every method for one class of a model: the newest card that tested it, else `untested`. A card of
 * another class says nothing about this one. `cards`: newest first.
 */
export function trustOfModel(modelId: string, className: string, cards: readonly KnownCard[]): ModelTrust {
  return {
    modelId,
    class: className,
    verdicts: METHODS.map((method): TrustVerdict => {
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
