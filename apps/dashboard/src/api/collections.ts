import {
  type Catalogue,
  type CollectionSummary,
  findCollection,
  hasCollection,
  type KeptReadings,
  keepReadings,
  listCollections,
  listImageViews,
  requestCollection,
} from '@xvision/catalogue';
import {
  type Collection,
  type CollectionRequest,
  collectionRequestSchema,
  collectionSchema,
  type ImageSummary,
  imageSummarySchema,
  pageOf,
} from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, InvalidRequestError, NotFoundError, UnfitRequestError } from './failures.js';
import { imageSummary } from './image-shape.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';
import { missingUploads } from './uploads.js';

const ORIGIN = { source: 'xvision/dashboard' };
/** The largest manifest: about 100,000 files. */
const MANIFEST_BYTES = 50_000_000;

const params = z.object({ id: z.uuid() });

/** Pages and collections whose counts are kept until an image changes. */
const KEPT = 100;

type KeptCounts = KeptReadings<readonly CollectionSummary[]>;

export function collectionRoutes(deps: ApiDependencies): Route[] {
  const { catalogue } = deps;
  const kept: KeptCounts = keepReadings(catalogue, KEPT);
  return [
    jsonRoute({
      method: 'post',
      path: '/api/collections',
      summary: 'Ask for a collection; the same content asked for twice is one collection',
      role: 'operator',
      body: collectionRequestSchema,
      bodyLimit: MANIFEST_BYTES,
      result: collectionSchema,
      status: 201,
      alsoReplies: { 200: 'It was there already' },
      handle: async ({ body }) => await askForCollection(deps, body),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/collections',
      summary: 'Collections, newest first',
      role: 'viewer',
      query: z.strictObject(idPageQuery),
      result: pageOf(collectionSchema),
      handle: async ({ query }) => {
        const { cursor, limit } = query;
        const before = cursor === undefined ? {} : { before: cursor };
        const rows = await kept(`${limit} ${cursor}`, () =>
          listCollections(catalogue, { limit: limit + 1, ...before }),
        );
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: found.rows.map(collectionShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/collections/{id}',
      summary: 'A collection with its counts per stage',
      role: 'viewer',
      params,
      result: collectionSchema,
      handle: async ({ params }) => ({ body: await collectionOf(catalogue, params.id, kept) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/collections/{id}/images',
      summary: 'The images of a collection, in the order in which they were collected',
      role: 'viewer',
      params,
      query: z.strictObject(idPageQuery),
      result: pageOf(imageSummarySchema),
      handle: async ({ params, query }) => ({ body: await imagesOf(catalogue, params.id, query) }),
    }),
  ];
}

async function askForCollection(
  deps: ApiDependencies,
  request: CollectionRequest,
): Promise<{ status: number; body: Collection }> {
  await refuseUnfitManifest(deps, request);
  const { id, outcome } = await deps.catalogue.transaction((tx) => requestCollection(tx, request, ORIGIN));
  if (outcome === 'different') {
    throw new ConflictError(
      `a ${request.source} collection named ${request.name} exists with other content. Choose another name, or ask for the same content again`,
    );
  }
  return { status: outcome === 'created' ? 201 : 200, body: await collectionOf(deps.catalogue, id) };
}

async function imagesOf(
  catalogue: Catalogue,
  collectionId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: ImageSummary[]; next: string | null }> {
  if (!(await hasCollection(catalogue, collectionId))) throw noCollection(collectionId);
  const after = cursor === undefined ? undefined : { key: null, id: cursor };
  const rows = await listImageViews(catalogue, { collectionId }, { after, limit: limit + 1 });
  const found = page(rows, limit, (row) => row.id);
  return { items: found.rows.map((row) => imageSummary(row)), next: found.next };
}

async function collectionOf(catalogue: Catalogue, id: string, kept?: KeptCounts): Promise<Collection> {
  const read = async () => {
    const row = await findCollection(catalogue, id);
    return row === undefined ? [] : [row];
  };
  const [row] = await (kept === undefined ? read() : kept(id, read));
  if (row === undefined) throw noCollection(id);
  return collectionShape(row);
}

const noCollection = (id: string) => new NotFoundError(`there is no collection ${id}`);

function collectionShape(row: CollectionSummary): Collection {
  const { id, name, source, purpose, state, synthetic, expected, message, counts, settled } = row;
  const createdAt = row.createdAt.toISOString();
  return { id, name, source, purpose, state, synthetic, expected, message, counts, settled, createdAt };
}

/** A file is a record's identity, and its bytes must be here: both are said now rather than found by the scraper. */
async function refuseUnfitManifest(deps: ApiDependencies, request: CollectionRequest): Promise<void> {
  if (request.source !== 'folder' && request.source !== 'dicom') return;
  const seen = new Set<string>();
  const faults = request.records.flatMap(({ file }, index) => {
    if (!seen.has(file)) {
      seen.add(file);
      return [];
    }
    return [{ path: `body.records.${index}.file`, message: `${file} is named twice` }];
  });
  if (faults.length > 0) {
    const named = faults.slice(0, 5).map((fault) => fault.message);
    throw new InvalidRequestError(`a file may stand once in a collection: ${named.join('; ')}`, faults);
  }
  const missing = await missingUploads(
    deps,
    request.records.map((record) => record.sha256),
  );
  if (missing.length === 0) return;
  const first = request.records.find((record) => record.sha256 === missing[0])?.file ?? '';
  throw new UnfitRequestError(
    `${missing.length} of ${request.records.length} files are not uploaded, the first is ${first}. Put each to /api/uploads/<its sha256>, then ask again`,
  );
}
