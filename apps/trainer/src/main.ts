import { openStores } from '@xvision/blob-store';
import { keepHeartbeat, openCatalogue } from '@xvision/catalogue';
import { runRequested } from '@xvision/contracts';
import { openTrainingPool } from '@xvision/learning';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { runService } from '@xvision/service-kit';
import { readConfig } from './config.js';
import { CONSUMER } from './consumer.js';
import { giveUp } from './give-up.js';
import { trainRun } from './train-run.js';
import { createTrainerMetrics } from './trainer-metrics.js';

await runService('trainer', async ({ log, shutdown, stopping, metrics, health }) => {
  const config = readConfig(process.env);
  const { blobs } = await openStores(config);
  await using catalogue = openCatalogue({ url: config.DATABASE_URL, applicationName: 'trainer', log });
  await catalogue.ready({ log, signal: stopping });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'trainer',
    version: config.SERVICE_VERSION,
    readiness: () => health.readiness(),
    log,
  });

  const { NATS_URL: servers, NATS_TOKEN: token } = config;
  await using bus = await connectBus({ servers, token, name: 'trainer', log, signal: stopping });
  await ensureTopology(bus);

  const { ENGINE_THREADS: threads, XVISION_NATIVE_MODULES: nativeModules } = config;
  await using pool = openTrainingPool({ threads, nativeModules });
  const measured = createTrainerMetrics(metrics);
  const onProgress = (runId: string, done: number, total: number): void =>
    bus.progress.put(`run.${runId}`, { stage: 'training', done, total });
  await using subscription = await bus.subscribe(
    runRequested,
    { durable: CONSUMER, stream: 'XV_RUNS', onDeadLetter: (letter) => giveUp(catalogue, letter) },
    async (event, { signal }) => {
      const started = performance.now();
      const outcome = await trainRun({ catalogue, blobs, pool, threads, nativeModules, onProgress }, event, signal);
      const milliseconds = Math.round(performance.now() - started);
      measured.done(outcome, milliseconds);
      log.info({ runId: event.data.runId, eventId: event.id, outcome, milliseconds }, 'run done');
    },
  );
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  health.ready('bus', () => bus.ping());

  await shutdown;
  await subscription.stop(); // hands back what is in hand: its checkpoint is where the next copy goes on
  await heartbeat.stop();
});
