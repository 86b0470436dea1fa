import { openStores } from '@xvision/blob-store';
import {
  type FeatureRow,
  findFeatures,
  keepHeartbeat,
  openCatalogue,
  recordDeadLetter,
  recordWeights,
} from '@xvision/catalogue';
import { type FeatureIdentity, imagePrepared } from '@xvision/contracts';
import { connectBus, ensureTopology } from '@xvision/message-bus';
import { runService } from '@xvision/service-kit';
import DataLoader from 'dataloader';
import { announceTogether, CONSUMER } from './announce-together.js';
import { batched } from './batched-backbone.js';
import { batching, readConfig } from './config.js';
import { type Dependencies, extractFeatures } from './extract-features.js';
import { createExtractorMetrics } from './extractor-metrics.js';
import { openBackbone } from './open-backbone.js';
import { untilOver } from './until-over.js';

await runService('extractor', async ({ log, shutdown, stopping, metrics, health }) => {
  const config = readConfig(process.env);
  const { blobs } = await openStores(config);
  await using backbone = await openBackbone(config, { log, blobs });
  const { vgg16, weights } = backbone;
  await using catalogue = openCatalogue({ url: config.DATABASE_URL, applicationName: 'extractor', log });
  await catalogue.ready({ log, signal: stopping });
  await recordWeights(catalogue, weights);

  const bus = { servers: config.NATS_URL, token: config.NATS_TOKEN, name: 'extractor', log, signal: stopping };
  await using connection = await connectBus(bus);
  await ensureTopology(connection);

  const { label: engine, ...described } = vgg16.describe();
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'extractor',
    version: config.SERVICE_VERSION,
    engine: { label: engine, reason: described.reason },
    readiness: () => health.readiness(),
    log,
  });
  const { concurrency, ...batches } = batching(config, described);
  const measured = createExtractorMetrics(metrics, { engine, ...weights });
  const lost = new AbortController();
  const pool5 = batched(vgg16, {
    ...batches,
    onBatch: (size) => measured.batch(size),
    onLost: (error) => lost.abort(error),
  });
  const numbers = { weights: weights.weights, numerics: vgg16.numerics };
  const { announce, whileInHand } = announceTogether(catalogue);
  const known = new DataLoader<FeatureIdentity, FeatureRow | undefined>((all) => findFeatures(catalogue, all), {
    cache: false,
  });
  const deps: Dependencies = {
    find: (identity) => known.load(identity),
    blobs,
    pool5,
    announce,
    backbone: numbers,
    engine,
  };
  await using subscription = await connection.subscribe(
    imagePrepared,
    {
      durable: CONSUMER,
      stream: 'XV_PREPARED',
      concurrency,
      onDeadLetter: async (letter) => void (await recordDeadLetter(catalogue, letter)),
    },
    async (event) => measured.image(await whileInHand(() => extractFeatures(deps, event))),
  );
  health.ready('catalogue', () => catalogue.prisma.$queryRaw`SELECT 1`);
  health.ready('bus', () => connection.ping());

  await untilOver(shutdown, lost.signal);
  await subscription.stop(); // finishes what is in hand, takes no more
  await heartbeat.stop();
  lost.signal.throwIfAborted(); // ends the process, so that it is started again with a new engine
});
