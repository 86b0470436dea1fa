import {
  type Catalogue,
  keepReadings,
  type LabelGroup,
  listDatasetsOfTask,
  listLabelGroups,
  listSavedTasks,
  listTaskVersions,
  saveTask,
} from '@xvision/catalogue';
import {
  pageOf,
  type TaskDetail,
  taskDetailSchema,
  taskPreviewRequestSchema,
  taskPreviewSchema,
  taskSchema,
} from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import { z } from 'zod';
import type { Authority } from './authority.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route } from './route.js';
import { previewTask } from './task-preview.js';

const params = z.object({ name: z.string().min(1).max(63) });
const savingQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'The newest version that was seen, 0 for none; refused with 409 when there is a newer one' }),
});

export function taskRoutes(
  { catalogue }: Pick<ApiDependencies, 'catalogue'>,
  authority: Pick<Authority, 'identify'>,
): Route[] {
  // A rule is edited many times against the same images.
  const kept = keepReadings<readonly LabelGroup[]>(catalogue, 1);
  return [
    jsonRoute({
      method: 'get',
      path: '/api/tasks',
      summary: 'Tasks that can be trained without writing one: classes, label rules, views and split',
      role: 'viewer',
      result: pageOf(taskSchema),
      handle: async () => {
        const saved = new Map((await listSavedTasks(catalogue)).map((task) => [task.name, task]));
        const every = new Map([...Object.entries(presetTasks), ...saved]);
        return { body: { items: [...every.values()], next: null } };
      },
    }),
    jsonRoute({
      method: 'post',
      path: '/api/tasks/preview',
      summary: 'What a label rule makes of the collected images, and whose labels change against another rule',
      role: 'viewer',
      body: taskPreviewRequestSchema,
      result: taskPreviewSchema,
      handle: async ({ body: { task, against } }) => ({
        body: previewTask(await kept('label groups', () => listLabelGroups(catalogue)), task, against),
      }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/tasks/{name}',
      summary:
        'A task with its saved versions, and the datasets that were frozen under it with what the leak check found',
      role: 'viewer',
      params,
      result: taskDetailSchema,
      handle: async ({ params: { name } }) => ({ body: await detailOf(catalogue, name) }),
    }),
    savingRoute(catalogue, authority),
  ];
}

function savingRoute(catalogue: Catalogue, authority: Pick<Authority, 'identify'>): Route {
  return jsonRoute({
    method: 'put',
    path: '/api/tasks/{name}',
    summary: 'Keep a task as the next version of its name; frozen datasets hold their own copy and stay as they are',
    role: 'operator',
    params,
    query: savingQuery,
    body: taskSchema,
    result: taskDetailSchema,
    handle: async ({ params: { name }, query: { after }, body }, { request }) => {
      if (body.name !== name) throw new UnfitRequestError(`the task is named ${body.name}, the address ${name}`);
      const savedBy = (await authority.identify(request))?.name ?? 'unknown';
      const newer = await catalogue.transaction((tx) => saveTask(tx, { task: body, savedBy, after }));
      if (newer !== undefined) {
        throw new ConflictError(
          `${newer.savedBy} saved version ${newer.version} of the task ${name} meanwhile, and yours would hide it. ` +
            `Look at it first; to go on from it say after=${newer.version}`,
        );
      }
      return { body: await detailOf(catalogue, name) };
    },
  });
}

async function detailOf(catalogue: Catalogue, name: string): Promise<TaskDetail> {
  const versions = await listTaskVersions(catalogue, name);
  const preset = Object.hasOwn(presetTasks, name) ? presetTasks[name] : undefined;
  const task = versions[0]?.task ?? preset;
  if (task === undefined) throw new NotFoundError(`there is no task ${name}`);
  const datasets = await listDatasetsOfTask(catalogue, name);
  return {
    task,
    preset: preset !== undefined,
    versions: versions.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })),
    datasets: datasets.map((one) => ({ ...one, leaks: [...one.leaks], createdAt: one.createdAt.toISOString() })),
  };
}
