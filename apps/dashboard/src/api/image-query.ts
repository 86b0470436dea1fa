import {
  type Catalogue,
  findRunContext,
  findsFew,
  type ImageCursor,
  type ImageFilter,
  type ImageView,
  type KeptReadings,
  keepReadings,
} from '@xvision/catalogue';
import {
  collectionSchema,
  type ImageSort,
  imageQualitySchema,
  imageSortSchema,
  imageStageSchema,
  viewSchema,
} from '@xvision/contracts';
import { z } from 'zod';
import { InvalidRequestError, NotFoundError } from './failures.js';
import { idPageQuery } from './page-query.js';

const NEEDS_RUN = { description: 'Needs `run`' };
const share = z.coerce.number().min(0).max(1);

/** Which images, and in which order. */
export const filterQuery = {
  collection: z.uuid().optional(),
  source: collectionSchema.shape.source.optional(),
  view: viewSchema.optional(),
  stage: imageStageSchema.optional(),
  licence: z.string().min(1).max(400).optional(),
  quality: imageQualitySchema.optional().meta({ description: 'What the preprocessor remarked; `plain`: nothing' }),
  search: z.string().trim().min(1).max(200).optional().meta({
    description: 'Words of the report and the file name, each from its beginning, or an id from its beginning',
  }),
  label: z.string().min(1).max(400).optional().meta({
    description: "With `run`: a class of its task. Without: a label, finding or MeSH term in the source's own words",
  }),
  run: z.uuid().optional().meta({ description: 'Show what this run made of each image' }),
  split: z.enum(['train', 'test']).optional().meta(NEEDS_RUN),
  outcome: z.enum(['correct', 'wrong']).optional().meta(NEEDS_RUN),
  predicted: z.string().min(1).max(400).optional().meta(NEEDS_RUN),
  leastUncertainty: share.optional().meta(NEEDS_RUN),
  mostUncertainty: share.optional().meta(NEEDS_RUN),
  sort: imageSortSchema
    .default('collected')
    .meta({ description: 'By probability of the last class and by uncertainty: need `run`, show what it scored' }),
} as const;

export const listQuery = {
  ...filterQuery,
  ...idPageQuery,
  cursor: z.string().min(1).max(4000).optional().meta({ description: 'The `next` of the page before' }),
} as const;

const filterSchema = z.strictObject(filterQuery);
export type FilterQuery = z.output<typeof filterSchema>;

/** Of which searches it is known whether they find few images; each page of a list asks for the same one. */
const SEARCHES = 500;

export interface ImageQuestions {
  readonly catalogue: Catalogue;
  readonly fewFound: KeptReadings<boolean>;
}

export function imageQuestions(catalogue: Catalogue): ImageQuestions {
  return { catalogue, fewFound: keepReadings(catalogue, SEARCHES) };
}

export async function imageFilter({ catalogue, fewFound }: ImageQuestions, query: FilterQuery): Promise<ImageFilter> {
  const { run: runId, collection, ...rest } = query;
  const asked = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { search } = query;
  const few = search === undefined ? undefined : await fewFound(search, () => findsFew(catalogue, search));
  const filter: ImageFilter = {
    ...asked,
    ...(collection === undefined ? {} : { collectionId: collection }),
    ...(few === undefined ? {} : { few }),
  };
  if (runId === undefined) {
    refuseWithoutRun(query);
    return filter;
  }
  const run = await findRunContext(catalogue, runId);
  if (run === undefined) throw new NotFoundError(`there is no run ${runId}`);
  return { ...filter, run };
}

function refuseWithoutRun(query: FilterQuery): void {
  const { split, outcome, predicted, leastUncertainty, mostUncertainty } = query;
  const ofRun = { split, outcome, predicted, leastUncertainty, mostUncertainty };
  const named = Object.entries(ofRun).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (/probability|uncertainty/.test(query.sort)) named.push(`the order ${query.sort}`);
  if (named.length > 0) throw new InvalidRequestError(`${named.join(', ')}: of which run? Name it in \`run\``);
}

const cursorSchema = z.tuple([imageSortSchema, z.union([z.string(), z.number()]), z.uuid()]);

/** In the order of collection the id itself; else also what the row is ordered by. */
export function cursorOf({ id, key }: Pick<ImageView, 'id' | 'key'>, sort: ImageSort): string {
  if (key === null) return id;
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

export function readCursor(cursor: string | undefined, sort: ImageSort): ImageCursor | undefined {
  if (cursor === undefined) return undefined;
  if (sort === 'collected' || sort === '-collected') {
    if (z.uuid().safeParse(cursor).success) return { key: null, id: cursor };
    throw badCursor(sort);
  }
  const found = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  const keyType = sort.endsWith('file') ? 'string' : 'number';
  if (!found.success) throw badCursor(sort);
  const [of, key, id] = found.data;
  // A key holds what PostgreSQL gave; anything else was made up.
  if (of !== sort || typeof key !== keyType || /[\0\p{Surrogate}]/u.test(String(key))) throw badCursor(sort);
  return { key, id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const badCursor = (sort: ImageSort) =>
  new InvalidRequestError(`the cursor is not one of this list in the order ${sort}: take the page's own \`next\``);
