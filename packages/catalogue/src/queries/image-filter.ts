import type { ImageQuality, ImageSort, ImageStage, View } from '@xvision/contracts';
import { Prisma } from '../generated/client.js';
import type { CollectionSource } from './collections.js';

/** A run as a lens on images: its dataset's classes, and its model once there is one. */
export interface RunContext {
  readonly runId: string;
  readonly datasetSha256: string | null;
  readonly modelId: string | null;
  readonly classes: readonly string[];
}

/** The last row of the page before: what it is ordered by, and its id. */
export interface ImageCursor {
  /** Null where the id alone is the order. */
  readonly key: string | number | null;
  readonly id: string;
}

export interface ImageFilter {
  readonly id?: string;
  readonly collectionId?: string;
  readonly source?: CollectionSource;
  readonly view?: View;
  readonly stage?: ImageStage;
  readonly licence?: string;
  readonly quality?: ImageQuality;
  /** Words of the report or the file, each from its beginning; or an id from its beginning. */
  readonly search?: string;
  /** Whether `search` finds few images ({@link findsFew}): they are looked up first. Otherwise a list is walked in its order. */
  readonly few?: boolean;
  /** With `run`: a class of its task. Without: a label, finding or MeSH term of the source. */
  readonly label?: string;
  readonly run?: RunContext;
  /** These need `run`. */
  readonly split?: 'train' | 'test';
  readonly outcome?: 'correct' | 'wrong';
  readonly predicted?: string;
  readonly leastUncertainty?: number;
  readonly mostUncertainty?: number;
  /** Those by a score need `run`, and leave out what it has not scored. */
  readonly sort?: ImageSort;
}

interface Order {
  readonly key: Prisma.Sql;
  readonly type: Prisma.Sql;
  /** The table that has the key; none where the id alone is the order. */
  readonly of?: Table;
}

/** What is asked of images stands in three tables: of the image itself, of its score by the run's model, of its place in the run's dataset. */
type Table = 'image' | 'score' | 'member';

const TABLES: Readonly<Record<Table, { readonly from: Prisma.Sql; readonly id: Prisma.Sql }>> = {
  image: { from: Prisma.sql`image`, id: Prisma.sql`image.id` },
  score: { from: Prisma.sql`mean_score AS score`, id: Prisma.sql`score.image_id` },
  member: { from: Prisma.sql`dataset_member AS member`, id: Prisma.sql`member.image_id` },
};

const ORDERS: Readonly<Record<string, Order>> = {
  collected: { key: Prisma.sql`NULL::text`, type: Prisma.sql`text` },
  file: { key: Prisma.sql`image.external_id`, type: Prisma.sql`text`, of: 'image' },
  probability: { key: Prisma.sql`score.last_probability`, type: Prisma.sql`float8`, of: 'score' },
  uncertainty: { key: Prisma.sql`score.uncertainty`, type: Prisma.sql`float8`, of: 'score' },
};

function orderOf(sort: ImageSort = 'collected'): Order & { readonly down: boolean; readonly byId: boolean } {
  const name = sort.replace(/^-/, '');
  const order = ORDERS[name];
  if (order === undefined) throw new RangeError(`images have no order ${sort}`);
  return { ...order, down: sort.startsWith('-'), byId: name === 'collected' };
}

/** Ids and order of the images that a filter lets through, to be ordered and limited by {@link orderBy}. */
export function selectImages(filter: ImageFilter, after?: ImageCursor): Prisma.Sql {
  return Prisma.sql`SELECT ${idOf(filter)} AS id, ${orderOf(filter.sort).key} AS key ${fromImages(filter, after)}`;
}

/** The images that a filter lets through. A table of which nothing is asked is left out. */
export function fromImages(filter: ImageFilter, after?: ImageCursor): Prisma.Sql {
  const [first = 'image', ...others] = tablesOf(filter);
  const joins = others.map((one) => Prisma.sql`JOIN ${TABLES[one].from} ON ${TABLES[one].id} = ${TABLES[first].id}`);
  const conditions = [
    ...ofImage(filter),
    ...ofRun(filter),
    ...(after === undefined ? [] : [afterCondition(filter, after)]),
  ];
  return Prisma.sql`FROM ${TABLES[first].from} ${Prisma.join([Prisma.empty, ...joins], ' ')} ${whereAll(conditions)}`;
}

/** First the one whose index gives the order. */
function tablesOf(filter: ImageFilter): Table[] {
  const { of } = orderOf(filter.sort);
  const needed: Table[] = [];
  if (needsScore(filter)) needed.push('score');
  if (needsMember(filter)) needed.push('member');
  if (needed.length === 0 || of === 'image' || ofImage(filter).length > 0) needed.push('image');
  return needed;
}

const idOf = (filter: ImageFilter) => TABLES[tablesOf(filter)[0] ?? 'image'].id;

const whereAll = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], ' AND ')}`;

/** What is asked of the image itself. */
function ofImage(filter: ImageFilter): Prisma.Sql[] {
  return [
    ...imageConditions(filter),
    ...(filter.stage === undefined ? [] : [stageCondition(filter.stage)]),
    ...(filter.quality === undefined ? [] : [qualityCondition(filter.quality)]),
  ];
}

export function orderBy(filter: ImageFilter): Prisma.Sql {
  const { key, down, byId } = orderOf(filter.sort);
  const id = idOf(filter);
  const way = down ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return byId ? Prisma.sql`ORDER BY ${id} ${way}` : Prisma.sql`ORDER BY ${key} ${way}, ${id} ${way}`;
}

function afterCondition(filter: ImageFilter, after: ImageCursor): Prisma.Sql {
  const { key, type, down, byId } = orderOf(filter.sort);
  const id = idOf(filter);
  const beyond = down ? Prisma.sql`<` : Prisma.sql`>`;
  if (byId) return Prisma.sql`${id} ${beyond} ${after.id}::uuid`;
  return Prisma.sql`(${key}, ${id}) ${beyond} (${after.key}::${type}, ${after.id}::uuid)`;
}

function imageConditions(filter: ImageFilter): Prisma.Sql[] {
  const { id, collectionId, source, view, licence, label, run } = filter;
  return [
    ...(id === undefined ? [] : [Prisma.sql`image.id = ${id}::uuid`]),
    ...(collectionId === undefined ? [] : [Prisma.sql`image.collection_id = ${collectionId}::uuid`]),
    ...(source === undefined
      ? []
      : [Prisma.sql`image.collection_id IN (SELECT id FROM collection WHERE source = ${source})`]),
    ...(view === undefined ? [] : [Prisma.sql`image.view = ${view}`]),
    ...(licence === undefined ? [] : [Prisma.sql`image.licence = ${licence}`]),
    ...searchConditions(filter),
    ...(label === undefined || run !== undefined ? [] : [Prisma.sql`image.terms @> ARRAY[lower(${label})]`]),
  ];
}

/** The thresholds stand in the indexes of the migration too: change them together. */
function qualityCondition(quality: ImageQuality): Prisma.Sql {
  const remarks: Readonly<Record<Exclude<ImageQuality, 'plain'>, Prisma.Sql>> = {
    enlarged: Prisma.sql`(quality -> 'enlarged') = 'true'`,
    colour: Prisma.sql`(quality -> 'colour') = 'true'`,
    black: Prisma.sql`(quality ->> 'blackFraction')::float8 > 0.5`,
    white: Prisma.sql`(quality ->> 'whiteFraction')::float8 > 0.25`,
  };
  const remark =
    quality === 'plain'
      ? Prisma.sql`(${Prisma.join(Object.values(remarks), ' OR ')}) IS NOT TRUE`
      : Prisma.sql`${remarks[quality]}`;
  return Prisma.sql`EXISTS (SELECT FROM prepared_image WHERE prepared_image.image_id = image.id AND ${remark})`;
}

function stageCondition(stage: ImageStage): Prisma.Sql {
  const rejected = Prisma.sql`EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)`;
  const prepared = Prisma.sql`EXISTS (SELECT FROM prepared_image WHERE prepared_image.image_id = image.id)`;
  const extracted = Prisma.sql`EXISTS (
    SELECT FROM prepared_image JOIN collection ON collection.id = image.collection_id
    JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
      AND feature.weights = collection.weights AND feature.numerics = collection.numerics
    WHERE prepared_image.image_id = image.id)`;
  if (stage === 'rejected') return rejected;
  if (stage === 'collected') return Prisma.sql`NOT ${rejected} AND NOT ${prepared}`;
  if (stage === 'extracted') return Prisma.sql`NOT ${rejected} AND ${extracted}`;
  return Prisma.sql`NOT ${rejected} AND ${prepared} AND NOT ${extracted}`;
}

/** Hexadecimal digits enough to mean an id rather than a word. */
const ID_PREFIX = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i;

/** The planner cannot tell how many words have a beginning, so it is told how to go about it. */
function searchConditions({ search, few }: ImageFilter): Prisma.Sql[] {
  if (search === undefined) return [];
  const condition = searchCondition(search);
  if (few === undefined) return [condition];
  return few
    ? [Prisma.sql`image.id = ANY (ARRAY(SELECT image.id FROM image WHERE ${condition}))`]
    : // No index serves this, and it is taken for a half of all: what is left is the order's own index to walk.
      [Prisma.sql`coalesce(${condition}, false)`];
}

export function searchCondition(search: string): Prisma.Sql {
  const words = search.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const query = words.map((word) => `${word}:*`).join(' & ');
  const found = words.length === 0 ? Prisma.sql`false` : Prisma.sql`image.words @@ to_tsquery('simple', ${query})`;
  const digits = search.trim().replaceAll('-', '').toLowerCase();
  if (!ID_PREFIX.test(search.trim()) || digits.length > 32) return found;
  const [low, high] = [digits.padEnd(32, '0'), digits.padEnd(32, 'f')];
  return Prisma.sql`(${found} OR image.id BETWEEN ${low}::uuid AND ${high}::uuid)`;
}

/** Without a run nothing is asked of one. */
function needsScore({ run, outcome, predicted, leastUncertainty, mostUncertainty, sort }: ImageFilter): boolean {
  const asked = [outcome, predicted, leastUncertainty, mostUncertainty].some((one) => one !== undefined);
  return run !== undefined && (asked || orderOf(sort).of === 'score');
}

/** A score has its image's class too: where both are asked of, one table answers. */
const needsMember = (filter: ImageFilter) =>
  filter.run !== undefined && (filter.split !== undefined || (filter.label !== undefined && !needsScore(filter)));

function ofRun(filter: ImageFilter): Prisma.Sql[] {
  const { run } = filter;
  if (run === undefined) return [];
  return [
    ...(needsMember(filter) ? memberConditions(filter, run) : []),
    ...(needsScore(filter) ? scoreConditions(filter, run) : []),
  ];
}

function memberConditions({ label, split, ...rest }: ImageFilter, run: RunContext): Prisma.Sql[] {
  return [
    Prisma.sql`member.dataset_sha256 = ${run.datasetSha256}::text`,
    ...(label === undefined || needsScore(rest) ? [] : [Prisma.sql`member.label = ${run.classes.indexOf(label)}`]),
    // Written as its index has it, whose statistics tell the planner how many there are: change both together.
    ...(split === 'test' ? [Prisma.sql`(-1 = ALL (member.folds))::int = 0`] : []),
    ...(split === 'train' ? [Prisma.sql`(-1 = ALL (member.folds))::int = 1`] : []),
  ];
}

function scoreConditions(filter: ImageFilter, run: RunContext): Prisma.Sql[] {
  const { label, outcome, predicted, leastUncertainty, mostUncertainty } = filter;
  // The wrong ones have indexes of their own: a cell beside the diagonal says that it is among them.
  const wrong = outcome === 'wrong' || (label !== undefined && predicted !== undefined && label !== predicted);
  return [
    Prisma.sql`score.model_id = ${run.modelId}::uuid`,
    ...(label === undefined ? [] : [Prisma.sql`score.label = ${run.classes.indexOf(label)}`]),
    ...(predicted === undefined ? [] : [Prisma.sql`score.predicted = ${run.classes.indexOf(predicted)}`]),
    ...(outcome === 'correct' ? [Prisma.sql`score.correct`] : []),
    ...(wrong ? [Prisma.sql`NOT score.correct`] : []),
    ...(leastUncertainty === undefined ? [] : [Prisma.sql`score.uncertainty >= ${leastUncertainty}::float8`]),
    ...(mostUncertainty === undefined ? [] : [Prisma.sql`score.uncertainty <= ${mostUncertainty}::float8`]),
  ];
}
