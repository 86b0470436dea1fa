/** The thread behind one comparison. */
import { parentPort, workerData } from 'node:worker_threads';
import { plainComparison } from '@xvision/evaluation';
import type { ComparedRuns } from './compare-aside.js';

const { first, second } = workerData as ComparedRuns;
parentPort?.postMessage(plainComparison(first, second), []);
