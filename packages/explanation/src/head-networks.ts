import { type HeadCard, type LoadedHead, membersOf } from '@xvision/learning';
import type { HeadNetwork } from './head-network.js';
import { UnexplainableError } from './unexplainable-error.js';

/** A model as it was loaded. */
export type ExplainedHead = Pick<LoadedHead, 'card' | 'tensors'>;

/** Why no map of a head can be drawn, and what to do; undefined where maps can. */
export function unexplainable({ head }: Pick<HeadCard, 'head'>): string | undefined {
  if (head !== 'logistic') return undefined;
  return (
    'the model is a logistic regression on the square roots of the features, whose slope has no bound where a feature ' +
    'is 0: no map of it would mean anything. Train the task with --head seed-mlp or seed-ensemble and explain that model'
  );
}

/**
 * The networks of a head, one or the five of an ensemble, as views of its file. Throws {@link UnexplainableError} for a
 * logistic head, whose slope on the square root of a feature has no bound at zero, where most features are.
 */
export function headNetworks({ card, tensors }: ExplainedHead): HeadNetwork[] {
  const reason = unexplainable(card);
  if (reason !== undefined) throw new UnexplainableError(reason);
  return Array.from({ length: membersOf(card.head) }, (_, member) => {
    const part = (name: keyof HeadNetwork): Float32Array => {
      const values = tensors.get(`member.${member}.${name}`)?.values;
      if (values instanceof Float32Array) return values;
      throw new UnexplainableError(`network ${member} of the model has no ${name}: train the model again`);
    };
    return {
      firstWeights: part('firstWeights'),
      secondWeights: part('secondWeights'),
      outputWeights: part('outputWeights'),
      outputBias: part('outputBias'),
      firstGain: part('firstGain'),
      firstShift: part('firstShift'),
      firstMean: part('firstMean'),
      firstVariance: part('firstVariance'),
      secondGain: part('secondGain'),
      secondShift: part('secondShift'),
      secondMean: part('secondMean'),
      secondVariance: part('secondVariance'),
    };
  });
}
