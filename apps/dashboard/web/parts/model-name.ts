import type { Model } from '@xvision/contracts';
import { text } from '../texts/models.js';
import { moment, shortId } from '../words.js';

export const headOf = ({ card: { head } }: Model): string => (typeof head === 'string' ? head : '');

/** As a person tells models apart: task, head, when it was made; the id for what they share. While it is fetched, the id. */
export function modelName(id: string, model: Model | undefined): string {
  if (model === undefined) return text.unnamed(shortId(id));
  return [model.task, headOf(model), moment(model.createdAt), shortId(id)].filter((part) => part !== '').join(', ');
}
