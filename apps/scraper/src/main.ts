import { openStores } from '@xvision/blob-store';
import { keepHeartbeat, openCatalogue } from '@xvision/catalogue';
import { scrapeRequested } from '@xvision/contracts';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { openOpenI } from '@xvision/openi';
import { runService } from '@xvision/service-kit';
import { readConfig } from './config.js';
import { giveUp } from './give-up.js';
import { readSalt } from './salt.js';
import { scrapeCollection } from './scrape-collection.js';

await runService('scraper', async ({ log, shutdown, stopping: signal, health }) => {
  const config = readConfig(process.env);
  const { NATS_URL: servers, NATS_TOKEN: token, DATABASE_URL: url, OPENI_URL: baseUrl, OPENI_RATE: rate } = config;

  // Opened in order of need; the language closes them in reverse when this block ends.
  await using catalogue = openCatalogue({ url, applicationName: 'xvision-scraper', log });
  await using bus = await connectBus({ servers, token, name: 'scraper', log, signal });
  await using openI = openOpenI({
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(rate === undefined ? {} : { requestsPerSecond: rate }),
  });
  const { blobs, quarantine } = await openStores(config);
  const needs = { catalogue, blobs, quarantine, openI, salt: await readSalt(config), progress: bus.progress };

  await catalogue.ready({ log, signal });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'scraper',
    version: config.SERVICE_VERSION,
    readiness: () => health.readiness(),
    log,
  });
  await ensureTopology(bus);
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  health.ready('bus', () => bus.ping());
  const subscription = await bus.subscribe(
    scrapeRequested,
    {
      durable: 'scraper',
      stream: 'XV_RUNS',
      concurrency: config.CONCURRENCY,
      ...(config.ACK_WAIT_MS === undefined ? {} : { ackWaitMs: config.ACK_WAIT_MS }),
      onDeadLetter: (letter) => giveUp(catalogue, letter),
    },
    ({ data, traceparent }, context) => scrapeCollection(needs, data, { signal: context.signal, traceparent }),
  );

  await shutdown;
  await subscription.stop(); // a harvest in hand stops after its batch and is handed back
  await heartbeat.stop();
});
