import { listConnectedServices, listUsedEngines, postgresVersion } from '@xvision/catalogue';
import { systemSchema } from '@xvision/contracts';
import type { ApiDependencies } from './dependencies.js';
import { jsonRoute, type Route } from './route.js';

export function systemRoutes({ catalogue, broker, version, authentication }: ApiDependencies): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/system',
      summary: 'Versions, connected services, and what features were computed with',
      role: 'viewer',
      result: systemSchema,
      handle: async () => {
        const [postgres, services, engines] = await Promise.all([
          postgresVersion(catalogue),
          listConnectedServices(catalogue),
          listUsedEngines(catalogue),
        ]);
        return {
          body: {
            version,
            node: process.version,
            postgres,
            nats: broker.version(),
            authentication,
            services: services.map((one) => ({ ...one, since: one.since.toISOString() })),
            engines: engines.map((one) => ({ ...one, lastAt: one.lastAt.toISOString() })),
          },
        };
      },
    }),
  ];
}
