import { openStores } from '@xvision/blob-store';
import { keepHeartbeat, openCatalogue, recordDeadLetter } from '@xvision/catalogue';
import { imageCollected } from '@xvision/contracts';
import { openDecoderPool } from '@xvision/imaging';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { runService } from '@xvision/service-kit';
import { decoderOptions, readConfig } from './config.js';
import { CONSUMER, prepareCollected } from './prepare-collected.js';
import { createPreprocessorMetrics } from './preprocessor-metrics.js';

await runService('preprocessor', async ({ log, shutdown, stopping: signal, metrics, health }) => {
  const config = readConfig(process.env);
  const { NATS_URL: servers, NATS_TOKEN: token, DATABASE_URL: url, MAX_PIXELS: maxPixels } = config;
  const measured = createPreprocessorMetrics(metrics);

  // Opened in order of need; the language closes them in reverse when this block ends.
  const { blobs } = await openStores(config);
  await using decoder = openDecoderPool(decoderOptions(config));
  await using catalogue = openCatalogue({ url, applicationName: 'preprocessor', log });
  await catalogue.ready({ log, signal });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'preprocessor',
    version: config.SERVICE_VERSION,
    readiness: () => health.readiness(),
    log,
  });
  await using bus = await connectBus({ servers, token, name: 'preprocessor', log, signal });
  await ensureTopology(bus);

  const deps = { catalogue, blobs, decoder, maxPixels };
  await using subscription = await bus.subscribe(
    imageCollected,
    {
      durable: CONSUMER,
      stream: 'XV_IMAGES',
      concurrency: config.CONCURRENCY,
      onDeadLetter: async (letter) => void (await recordDeadLetter(catalogue, letter)),
    },
    async (event) => void (await measured(() => prepareCollected(deps, event))),
  );
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  health.ready('bus', () => bus.ping());

  await shutdown;
  await subscription.stop(); // finishes what is in hand, takes no more
  await heartbeat.stop();
});
