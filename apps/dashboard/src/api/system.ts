import { listConnectedServices, listUsedEngines, postgresVersion } from '@xvision/catalogue';
import { systemSchema } from '@xvision/contracts';
import { sharedReading } from '../live/shared-reading.js';
import type { ApiDependencies } from './dependencies.js';
import { jsonRoute, type Route } from './route.js';

/** Grouping every feature row takes a while, and what was computed with changes seldom. */
const SHARED_MS = 2000;

export function systemRoutes({ catalogue, broker, version, authentication }: ApiDependencies): Route[] {
  const engines = sharedReading(SHARED_MS, () => listUsedEngines(catalogue));
  return [
    jsonRoute({
      method: 'get',
      path: '/api/system',
      summary: 'Versions, connected services, and what features were computed with',
      role: 'viewer',
      result: systemSchema,
      handle: async () => {
        const [postgres, services, used] = await Promise.all([
          postgresVersion(catalogue),
          listConnectedServices(catalogue),
          engines(),
        ]);
        return {
          body: {
            version,
            node: process.version,
            postgres,
            nats: broker.version(),
            authentication,
            services: services.map((one) => ({ ...one, since: one.since.toISOString() })),
            engines: used.map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
          },
        };
      },
    }),
  ];
}
