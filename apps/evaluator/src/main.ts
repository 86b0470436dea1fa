import { openStores } from '@xvision/blob-store';
import { keepHeartbeat, openCatalogue } from '@xvision/catalogue';
import { loadHead } from '@xvision/learning';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { runService } from '@xvision/service-kit';
import { weightsFinder } from './backbone-weights.js';
import { readConfig } from './config.js';
import { createEvaluatorMetrics } from './evaluator-metrics.js';
import { rememberingLastHead } from './scoring-head.js';
import { subscribeAll } from './subscriptions.js';

await runService('evaluator', async ({ log, shutdown, stopping, metrics, health }) => {
  const config = readConfig(process.env);
  const { blobs } = await openStores(config);
  await using catalogue = openCatalogue({ url: config.DATABASE_URL, applicationName: 'evaluator', log });
  await catalogue.ready({ log, signal: stopping });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'evaluator',
    version: config.SERVICE_VERSION,
    readiness: () => health.readiness(),
    log,
  });

  const { NATS_URL: servers, NATS_TOKEN: token } = config;
  await using bus = await connectBus({ servers, token, name: 'evaluator', log, signal: stopping });
  await ensureTopology(bus);

  await using openHead = rememberingLastHead(blobs, loadHead);
  const measured = createEvaluatorMetrics(metrics, log);
  await using subscriptions = await subscribeAll({
    bus,
    catalogue,
    blobs,
    openHead,
    measured,
    threads: config.STUDY_THREADS,
    nativeModules: config.XVISION_NATIVE_MODULES,
    weights: weightsFinder(config),
    stopping,
  });
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  health.ready('bus', () => bus.ping());

  await shutdown;
  await subscriptions.stop(); // finishes what is in hand, takes no more
  await heartbeat.stop();
});
