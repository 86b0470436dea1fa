export {
  BadEnvironmentError,
  busEnvironment,
  catalogueEnvironment,
  logLevelSchema,
  portSchema,
  processEnvironment,
  readEnvironment,
  storeEnvironment,
} from './environment.js';
export { Health, type HealthCheck, type Readiness } from './health.js';
export { closeServer, listen, PortInUseError } from './health-server.js';
export { createLogger, type Logger } from './logger.js';
export type { Metrics } from './metrics.js';
export { runService, type Service } from './run-service.js';
export { type ReachOptions, untilReachable } from './until-reachable.js';
