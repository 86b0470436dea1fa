import type { LoadedHead } from '@xvision/learning';
import { UnexplainableError } from './unexplainable-error.js';

/** What is explained: one class's logit against the mean of all others, one factor a logit. */
export interface Target {
  readonly className: string;
  readonly factors: readonly number[];
}

/**
 * The class that was asked for, or the positive one (the last) of two. Throws {@link UnexplainableError} that names the
 * classes when there is no such class, or when there are more than two and none was named.
 */
export function targetOf({ classes }: Pick<LoadedHead['card'], 'classes'>, asked: string | undefined): Target {
  const named = classes.map((name) => JSON.stringify(name)).join(', ');
  if (asked === undefined && classes.length > 2)
    throw new UnexplainableError(`the model has ${classes.length} classes; name the one to explain: one of ${named}`);
  const className = asked ?? classes.at(-1) ?? '';
  if (!classes.includes(className))
    throw new UnexplainableError(`the model has no class ${JSON.stringify(className)}; its classes are ${named}`);
  return { className, factors: classes.map((name) => (name === className ? 1 : -1 / (classes.length - 1))) };
}
