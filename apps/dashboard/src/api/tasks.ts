import { pageOf, taskSchema } from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import { jsonRoute, type Route } from './route.js';

export function taskRoutes(): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/tasks',
      summary: 'Tasks that can be trained without writing one: classes, label rules, views and split',
      role: 'viewer',
      result: pageOf(taskSchema),
      handle: () => Promise.resolve({ body: { items: Object.values(presetTasks), next: null } }),
    }),
  ];
}
