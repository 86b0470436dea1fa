export { ForbiddenAddressError, OPENI_ORIGIN } from './allowed-hosts.js';
export {
  type Entry,
  type FetchedImage,
  type OpenIClient,
  type OpenISettings,
  openOpenI,
  type RecordsOptions,
} from './client.js';
export { RefusedError } from './polite-fetch.js';
export { type ProbeOptions, type ProbeResult, probeOpenI } from './probe.js';
export { type OpenIRecord, recordsFromDump } from './record.js';
export type { PhantomFindings } from './simulator/anatomy.js';
export { drawPhantom, type GreyImage, type PhantomOptions } from './simulator/phantom.js';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator/simulator.js';
