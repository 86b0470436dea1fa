import type { HeadNetwork } from '@xvision/explanation';
import { type LoadedHead, membersOf } from '@xvision/learning';
import { CommandError } from '../failure.js';

type Head = Pick<LoadedHead, 'card' | 'tensors'>;

/**
 * The networks of a head, one or the five of an ensemble, as views of its file. Throws {@link CommandError} for a
 * logistic head, whose slope on the square root of a feature has no bound at zero, where most features are.
 */
export function headNetworks({ card, tensors }: Head): HeadNetwork[] {
  if (card.head === 'logistic') {
    throw new CommandError(
      'the model is a logistic regression on the square roots of the features, whose slope has no bound where a feature ' +
        'is 0: no map of it would mean anything. Train the task with --head seed-mlp or seed-ensemble and explain that model',
    );
  }
  return Array.from({ length: membersOf(card.head) }, (_, member) => {
    const part = (name: keyof HeadNetwork): Float32Array => {
      const values = tensors.get(`member.${member}.${name}`)?.values;
      if (values instanceof Float32Array) return values;
      throw new CommandError(`network ${member} of the model has no ${name}: train the model again`);
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

/** What is explained: one class's logit against the mean of all others, one factor a logit. */
export interface Target {
  readonly className: string;
  readonly factors: readonly number[];
}

/**
 * The class that was asked for, or the positive one (the last) of two. Throws {@link CommandError} that names the
 * classes when there is no such class, or when there are more than two and none was named.
 */
export function targetOf({ classes }: Pick<LoadedHead['card'], 'classes'>, asked: string | undefined): Target {
  const named = classes.map((name) => JSON.stringify(name)).join(', ');
  if (asked === undefined && classes.length > 2)
    throw new CommandError(`the model has ${classes.length} classes; name the one to explain: --class ${named}`);
  const className = asked ?? classes.at(-1) ?? '';
  if (!classes.includes(className))
    throw new CommandError(`the model has no class ${JSON.stringify(className)}; its classes are ${named}`);
  return { className, factors: classes.map((name) => (name === className ? 1 : -1 / (classes.length - 1))) };
}
