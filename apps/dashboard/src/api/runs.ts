import {
  annotateRun,
  type Catalogue,
  findLossMeans,
  findRunFacets,
  findRunView,
  findUnfitCollections,
  hasRun,
  insertRun,
  listEpochViews,
  listRunViews,
  type RunFilter,
  type RunView,
  requestEvaluation,
} from '@xvision/catalogue';
import {
  epochSchema,
  pageOf,
  type Run,
  runAnnotationSchema,
  runFacetsSchema,
  runLossesSchema,
  runSchema,
  runSettingsSchema,
  runStateSchema,
} from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError, UnfitRequestError } from './failures.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

const params = z.object({ id: z.uuid() });

const listQuery = z.strictObject({
  ...idPageQuery,
  task: z.string().min(1).max(400).optional(),
  state: runStateSchema.optional(),
  tag: z.string().min(1).max(400).optional(),
  search: z.string().trim().min(1).max(200).optional().meta({ description: 'Words of id, task, head, note and tags' }),
  trained: z.stringbool().default(false).meta({ description: 'Only runs that have a model' }),
});

export function runRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'post',
      path: '/api/runs',
      summary: 'Ask for a run; it waits until every image of its collections is settled',
      role: 'operator',
      body: runSettingsSchema,
      result: runSchema,
      status: 201,
      handle: async ({ body }) => {
        await refuseUnfitCollections(catalogue, body.collections);
        const id = await catalogue.transaction((tx) => insertRun(tx, body));
        return { body: await runOf(catalogue, id) };
      },
    }),
    ...listRoutes(catalogue),
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}',
      summary: 'A run with its report',
      role: 'viewer',
      params,
      result: runSchema,
      handle: async ({ params }) => ({ body: await runOf(catalogue, params.id) }),
    }),
    annotationRoute(catalogue),
    ...lossRoutes(catalogue),
    jsonRoute({
      method: 'post',
      path: '/api/runs/{id}/evaluation',
      summary: 'Evaluate a trained run again',
      role: 'operator',
      params,
      result: runSchema,
      status: 202,
      handle: async ({ params }) => ({ body: await evaluateAgain(catalogue, params.id) }),
    }),
  ];
}

function lossRoutes(catalogue: Catalogue): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/epochs',
      summary: 'The loss after every epoch of every network of a run',
      role: 'viewer',
      params,
      result: z.object({ items: z.array(epochSchema) }),
      handle: async ({ params }) => {
        if (!(await hasRun(catalogue, params.id))) throw new NotFoundError(`there is no run ${params.id}`);
        return { body: { items: [...(await listEpochViews(catalogue, params.id))] } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/losses',
      summary: 'The mean losses of a run by epoch, no more than 501 of them: what a loss curve is drawn from',
      role: 'viewer',
      params,
      result: runLossesSchema,
      handle: async ({ params: { id } }) => {
        if (!(await hasRun(catalogue, id))) throw new NotFoundError(`there is no run ${id}`);
        const { epochs, deliveredDone, items } = await findLossMeans(catalogue, id);
        return { body: { epochs, deliveredDone, items: [...items] } };
      },
    }),
  ];
}

function listRoutes(catalogue: Catalogue): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs',
      summary: 'Runs, newest first',
      role: 'viewer',
      query: listQuery,
      result: pageOf(runSchema),
      handle: async ({ query }) => ({ body: await runsPage(catalogue, query) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/runs/facets',
      summary: 'Tasks and tags to filter runs by',
      role: 'viewer',
      result: runFacetsSchema,
      handle: async () => {
        const { tasks, tags } = await findRunFacets(catalogue);
        return { body: { tasks: [...tasks], tags: [...tags] } };
      },
    }),
  ];
}

function annotationRoute(catalogue: Catalogue): Route {
  return jsonRoute({
    method: 'patch',
    path: '/api/runs/{id}',
    summary: 'Keep a note and tags beside a run, in place of the ones before',
    role: 'operator',
    params,
    body: runAnnotationSchema,
    result: runSchema,
    handle: async ({ params: { id }, body }) => {
      if (!(await annotateRun(catalogue, id, body))) throw new NotFoundError(`there is no run ${id}`);
      return { body: await runOf(catalogue, id) };
    },
  });
}

async function runsPage(
  catalogue: Catalogue,
  { cursor, limit, ...asked }: z.output<typeof listQuery>,
): Promise<{ items: Run[]; next: string | null }> {
  const filter: RunFilter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const before = cursor === undefined ? {} : { before: cursor };
  const rows = await listRunViews(catalogue, { ...filter, limit: limit + 1, ...before });
  const found = page(rows, limit, (row) => row.id);
  return { items: found.rows.map(runShape), next: found.next };
}

async function evaluateAgain(catalogue: Catalogue, id: string): Promise<Run> {
  const run = await runOf(catalogue, id);
  if (run.modelId === null) {
    throw new ConflictError(
      `run ${id} is ${run.state} and has no model to evaluate. Wait until it is trained, or train again`,
    );
  }
  await catalogue.transaction((tx) => requestEvaluation(tx, id, { source: 'xvision/dashboard' }));
  return await runOf(catalogue, id);
}

async function runOf(catalogue: Catalogue, id: string): Promise<Run> {
  const row = await findRunView(catalogue, id);
  if (row === undefined) throw new NotFoundError(`there is no run ${id}`);
  return runShape(row);
}

function runShape(row: RunView): Run {
  const { id, state, taskName, settings, modelId, message, synthetic, report, training } = row;
  return {
    id,
    state,
    task: taskName,
    settings,
    modelId,
    message,
    synthetic,
    report,
    ...(training === null ? {} : { training }),
    note: row.note,
    tags: [...row.tags],
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** A run on a collection that failed would wait for ever: it is refused with the reason. */
async function refuseUnfitCollections(catalogue: Catalogue, ids: readonly string[]): Promise<void> {
  const unfit = await findUnfitCollections(catalogue, ids);
  if (unfit.length === 0) return;
  const reasons = unfit.map(({ id, name, problem, message }) => {
    if (problem === 'unknown') return `there is no collection ${id}`;
    if (problem === 'not a dataset')
      return `collection ${name ?? id} was made for one question and is never trained on`;
    return `the harvest of collection ${name ?? id} failed (${message ?? 'no reason was given'}): ask for it again first`;
  });
  throw new UnfitRequestError(reasons.join('; '));
}
