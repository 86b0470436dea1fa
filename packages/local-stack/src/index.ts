export { type FindNatsServerOptions, findNatsServer, natsServerVersion } from './servers/find-nats-server.js';
export { NATS_VERSION, OLDEST_NATS_VERSION } from './servers/nats-release.js';
export { type NatsServer, type StartNatsServerOptions, startNatsServer } from './servers/start-nats-server.js';
export { type PostgresServer, type StartPostgresOptions, startPostgres } from './servers/start-postgres.js';
export { type Home, openHome, projectRoot } from './stack/home.js';
export { portIsFree } from './stack/port-is-free.js';
export { findRunningStack, isAlive, type StackRecord } from './stack/stack-file.js';
export {
  cacheFolder,
  DEFAULT_API_PORT,
  type LocalStack,
  SERVICES,
  type ServiceName,
  type StackOptions,
  startStack,
} from './stack/start-stack.js';
export type { SupervisedService } from './stack/supervisor.js';
