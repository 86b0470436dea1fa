import { findImagePlace, findImageView, findNextImage } from '@xvision/catalogue';
import type { ImageNeighbours, ImageSort } from '@xvision/contracts';
import { NotFoundError } from './failures.js';
import { type FilterQuery, type ImageQuestions, imageFilter } from './image-query.js';

/** By two short walks from the image itself, one each way, wherever in 100,000 it stands. */
export async function neighboursOf(
  questions: ImageQuestions,
  id: string,
  query: FilterQuery,
): Promise<ImageNeighbours> {
  const { catalogue } = questions;
  const filter = await imageFilter(questions, query);
  const here = await findImagePlace(catalogue, filter, id);
  if (here === undefined) {
    if ((await findImageView(catalogue, id)) === undefined) throw new NotFoundError(`there is no image ${id}`);
    return { previous: null, next: null };
  }
  const [next, previous] = await Promise.all([
    findNextImage(catalogue, filter, here),
    findNextImage(catalogue, { ...filter, sort: reverse(filter.sort) }, here),
  ]);
  return { previous: previous ?? null, next: next ?? null };
}

const REVERSE: Readonly<Record<ImageSort, ImageSort>> = {
  collected: '-collected',
  '-collected': 'collected',
  file: '-file',
  '-file': 'file',
  probability: '-probability',
  '-probability': 'probability',
  uncertainty: '-uncertainty',
  '-uncertainty': 'uncertainty',
};

const reverse = (sort: ImageSort = 'collected') => REVERSE[sort];
