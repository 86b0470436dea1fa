import { countKeptEvents } from '@xvision/catalogue';
import { type ReplayCapability, replayCapabilitySchema } from '@xvision/contracts';
import type { ApiDependencies } from './dependencies.js';
import { jsonRoute, type Route } from './route.js';

const MODES: ReplayCapability['modes'] = [
  { mode: 'audit', description: 'count and check the events, with no effect' },
  { mode: 'shadow', description: 'compute again beside the live results, and show where they differ' },
  { mode: 'rebuild', description: 'compute again what is live, and send nothing on' },
  { mode: 'redrive', description: 'hand the events to the live services once more' },
];

const NOT_YET =
  'No service of this version replays events. Single events can be re-driven from the dead letters, and a run can be proved by training again.';

export function replayRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/replays/capability',
      summary: 'Whether this server replays events, how, and how many are kept',
      role: 'viewer',
      result: replayCapabilitySchema,
      handle: async () => {
        const { count, oldestAt } = await countKeptEvents(catalogue);
        const events = { count, oldestAt: oldestAt?.toISOString() ?? null };
        return { body: { available: false, reason: NOT_YET, modes: MODES, events } };
      },
    }),
  ];
}
