/** The thread behind the evidence of one run. */
import { parentPort, workerData } from 'node:worker_threads';
import { type EvidenceQuestion, gatherEvidence } from './gather-evidence.js';

parentPort?.postMessage(gatherEvidence(workerData as EvidenceQuestion), []);
