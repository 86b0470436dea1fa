import { keepHeartbeat, migrate, openCatalogue } from '@xvision/catalogue';
import { connectBus } from '@xvision/message-bus';
import { runService, untilReachable } from '@xvision/service-kit';
import { readConfig } from './config.js';
import { recordDeadLetters } from './record-dead-letters.js';
import { relay } from './relay.js';
import { relayMetrics } from './relay-metrics.js';

await runService('relay', async ({ log, stopping, metrics, health }) => {
  const config = readConfig(process.env);
  const { DATABASE_URL: url, NATS_URL: servers, NATS_TOKEN: token } = config;

  // The relay is the one service that brings the database to this version's schema.
  await untilReachable(() => migrate(url, log), { what: 'PostgreSQL', log, signal: stopping });
  await using catalogue = openCatalogue({ url, applicationName: 'relay', log });
  await using heartbeat = await keepHeartbeat(catalogue, {
    name: 'relay',
    version: config.SERVICE_VERSION,
    readiness: () => health.readiness(),
    log,
  });
  await using bus = await connectBus({ servers, name: 'relay', token, log, signal: stopping });
  await bus.ensureTopology({ replicas: config.NATS_REPLICAS });
  health.ready('database', () => catalogue.ready());
  health.ready('bus', () => bus.ping());

  const deps = { catalogue, bus, log, metrics: relayMetrics(metrics, catalogue) };
  const subscriptions = await recordDeadLetters(deps);

  await relay(deps, config, stopping);
  await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  await heartbeat.stop();
});
