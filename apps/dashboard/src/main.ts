import { createServer } from 'node:http';
import path from 'node:path';
import { openStores } from '@xvision/blob-store';
import { keepHeartbeat, openCatalogue } from '@xvision/catalogue';
import { openDecoderPool } from '@xvision/imaging';
import { closeServer, listen, runService } from '@xvision/service-kit';
import { createApp } from './api/create-app.js';
import { connectBroker } from './broker.js';
import { readConfig } from './config.js';
import { openMapDrawer } from './explanation/explain-aside.js';
import { openModelWriter } from './export/export-aside.js';
import { createEventFeed } from './live/event-feed.js';
import { createPipelineFeed } from './live/pipeline-feed.js';
import { createStorageGauge } from './live/storage-gauge.js';
import { chooseAuthentication } from './token-policy.js';

await runService('dashboard', async ({ log, shutdown, stopping, health }) => {
  const config = readConfig(process.env);
  const { NATS_URL: servers, NATS_TOKEN: token, API_HOST: host, API_PORT, SERVICE_VERSION: version } = config;

  const stores = await openStores(config);
  await using catalogue = openCatalogue({ url: config.DATABASE_URL, applicationName: 'xvision/dashboard', log });
  await using broker = connectBroker({ servers, token, log, signal: stopping });
  await catalogue.ready({ log, signal: stopping });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'dashboard',
    version,
    readiness: () => health.readiness(),
    log,
  });

  const where = {
    storeRoot: config.XVISION_STORE,
    cacheDir: config.XVISION_CACHE,
    weightsFile: config.XVISION_WEIGHTS,
    offline: config.XVISION_OFFLINE,
  };
  await using maps = openMapDrawer({ ...where, threads: config.EXPLANATION_THREADS });
  await using decoder = openDecoderPool();
  const app = createApp({
    maps,
    decoder,
    exports: openModelWriter(where),
    ...stores,
    catalogue,
    broker,
    log,
    version,
    stopping,
    events: createEventFeed(catalogue, log),
    pipeline: createPipelineFeed({ db: catalogue, broker, log }),
    storage: createStorageGauge({ storeRoot: config.XVISION_STORE, log, stopping }),
    authentication: await chooseAuthentication(catalogue, config),
    requestsPerMinute: config.API_REQUESTS_PER_MINUTE,
    maxUploadBytes: config.API_MAX_UPLOAD_BYTES,
    webRoot: path.join(import.meta.dirname, 'web'),
  });
  const server = createServer(app);
  const port = await listen(server, { host, port: API_PORT, variable: 'API_PORT' });
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  log.info({ api: `http://${host}:${port}`, apiPort: port }, 'listening');

  await shutdown;
  await closeServer(server);
  await heartbeat.stop();
});
