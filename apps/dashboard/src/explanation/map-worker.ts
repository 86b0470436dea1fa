/** The thread that makes maps: one at a time, so that what it holds open is one model. */
import { parentPort, workerData } from 'node:worker_threads';
import { openStores } from '@xvision/blob-store';
import { MapMaker } from './map-maker.js';
import type { MapNeeds, MapReply, MapRequest } from './map-question.js';

const needs = workerData as MapNeeds;
const { blobs } = await openStores({ XVISION_STORE: needs.storeRoot });
const maker = new MapMaker(needs, blobs);
let before: Promise<void> = Promise.resolve();

async function reply({ id, question }: MapRequest): Promise<void> {
  const answer: MapReply = await maker.answer(question).then(
    (bytes) => ({ id, bytes }),
    (error: unknown) => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { id, error: { name, message } };
    },
  );
  parentPort?.postMessage(answer, []);
}

parentPort?.on('message', (request: MapRequest) => {
  before = before.then(() => reply(request));
});
