import {
  type ChosenLetters,
  countDeadLetterGroups,
  discardDeadLetters,
  listDeadLetterActs,
  listDeadLetters,
  redriveDeadLetters,
} from '@xvision/catalogue';
import {
  type DeadLetterAction,
  deadLetterActionResultSchema,
  deadLetterActionSchema,
  deadLetterActSchema,
  deadLetterDetailSchema,
  deadLetterGroupSchema,
  deadLetterSchema,
  pageOf,
} from '@xvision/contracts';
import { z } from 'zod';
import type { Authority } from './authority.js';
import { actShape, deadLetterOf, deadLetterShape } from './dead-letter-shape.js';
import type { ApiDependencies } from './dependencies.js';
import { idPageQuery, page } from './page-query.js';
import { jsonRoute, type Route } from './route.js';

type Needs = Pick<ApiDependencies, 'catalogue'>;

const query = z.strictObject({
  ...idPageQuery,
  state: deadLetterSchema.shape.state.optional(),
  consumer: z.string().min(1).max(200).optional(),
  subject: z.string().min(1).max(200).optional(),
});

/** As many as one act takes; the rest is taken by asking again. */
const MOST_AT_ONCE = 10_000;

export function deadLetterRoutes(needs: Needs, authority: Authority): Route[] {
  return [...lookUps(needs), ...acts(needs, authority)];
}

function lookUps({ catalogue }: Needs): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/dead-letters',
      summary: 'Events that a consumer gave up on, newest first',
      role: 'viewer',
      query,
      result: pageOf(deadLetterSchema),
      handle: async ({ query: { cursor, limit, ...filter } }) => {
        const before = cursor === undefined ? {} : { before: cursor };
        const rows = await listDeadLetters(catalogue, { limit: limit + 1, ...before, ...given(filter) });
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: found.rows.map(deadLetterShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/dead-letters/groups',
      summary: 'How many dead letters there are of each consumer, subject and state',
      role: 'viewer',
      result: z.object({ items: z.array(deadLetterGroupSchema) }),
      handle: async () => {
        const groups = await countDeadLetterGroups(catalogue);
        return { body: { items: groups.map((group) => ({ ...group, lastAt: group.lastAt.toISOString() })) } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/dead-letters/acts',
      summary: 'Who re-drove or discarded dead letters, when and why, newest first',
      role: 'viewer',
      query: z.strictObject(idPageQuery),
      result: pageOf(deadLetterActSchema),
      handle: async ({ query: { cursor, limit } }) => {
        const before = cursor === undefined ? {} : { before: cursor };
        const rows = await listDeadLetterActs(catalogue, { limit: limit + 1, ...before });
        const found = page(rows, limit, (row) => row.id);
        return { body: { items: found.rows.map(actShape), next: found.next } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/dead-letters/{id}',
      summary: 'A dead letter with its message, its event, and what was done about it',
      role: 'viewer',
      params: z.object({ id: z.uuid() }),
      result: deadLetterDetailSchema,
      handle: async ({ params: { id } }) => ({ body: await deadLetterOf(catalogue, id) }),
    }),
  ];
}

function acts({ catalogue }: Needs, authority: Authority): Route[] {
  const action = { role: 'operator', body: deadLetterActionSchema, result: deadLetterActionResultSchema } as const;
  return [
    jsonRoute({
      ...action,
      method: 'post',
      path: '/api/dead-letters/redrive',
      summary: 'Publish the events of open dead letters once more: the named ones, or at most 10,000 that match',
      handle: async ({ body }, { request }) => {
        const act = { who: await authority.nameOf(request), reason: body.reason };
        return { body: await catalogue.transaction((tx) => redriveDeadLetters(tx, chosenBy(body), act)) };
      },
    }),
    jsonRoute({
      ...action,
      method: 'post',
      path: '/api/dead-letters/discard',
      summary: 'Close open dead letters without another try: the named ones, or at most 10,000 that match',
      handle: async ({ body }, { request }) => {
        const act = { who: await authority.nameOf(request), reason: body.reason };
        return { body: await catalogue.transaction((tx) => discardDeadLetters(tx, chosenBy(body), act)) };
      },
    }),
  ];
}

function chosenBy(action: DeadLetterAction): ChosenLetters {
  if ('ids' in action) return { ids: action.ids };
  return { matching: given(action.matching), limit: MOST_AT_ONCE };
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Without the fields that say nothing. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}
