import path from 'node:path';
import { type BlobStore, openBlobStore } from '@xvision/blob-store';
import { POOL5_LENGTH } from '@xvision/contracts';
import { type Cam, type HeadNetwork, openEnsembleCam } from '@xvision/explanation';
import { temporaryFolder } from '@xvision/testing';
import { randomNumbers, randomRow } from './feature-rows.js';
import type { Bench } from './measure.js';
import { interleave, spreadOf } from './rounds.js';

const HIDDEN = 512;
/** The issue speaks of 7,000 maps; a round makes a fifth of them, and maps cost the same each. */
const MAPS = 7000;
const MAPS_A_ROUND = 1400;
/** As the default head has them. */
const NETWORKS = 5;
const ROWS_AT_ONCE = 128;
const STORED_ROWS = 64;

export function aHead(): HeadNetwork {
  const random = randomNumbers(7);
  const filled = (size: number, low: number, high: number) =>
    Float32Array.from({ length: size }, () => low + random() * (high - low));
  return {
    firstWeights: filled(POOL5_LENGTH * HIDDEN, -0.015, 0.015),
    secondWeights: filled(HIDDEN * HIDDEN, -0.08, 0.08),
    outputWeights: filled(HIDDEN * 2, -0.1, 0.1),
    outputBias: filled(2, -0.1, 0.1),
    firstGain: filled(HIDDEN, 0.9, 1.1),
    firstShift: filled(HIDDEN, -0.1, 0.1),
    firstMean: filled(HIDDEN, -1, 1),
    firstVariance: filled(HIDDEN, 1, 4),
    secondGain: filled(HIDDEN, 0.9, 1.1),
    secondShift: filled(HIDDEN, -0.1, 0.1),
    secondMean: filled(HIDDEN, -1, 1),
    secondVariance: filled(HIDDEN, 1, 4),
  };
}

async function storeRows(blobs: BlobStore): Promise<string[]> {
  const random = randomNumbers(11);
  const keys: string[] = [];
  for (let index = 0; index < STORED_ROWS; index += 1) {
    keys.push(await blobs.put(new Uint8Array(randomRow(random).buffer)));
  }
  return keys;
}

/** Reads rows from the store, which verifies them, and maps them, some at a time. */
async function mapRows(cam: Cam, blobs: BlobStore, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += ROWS_AT_ONCE) {
    const some = keys.slice(start, start + ROWS_AT_ONCE);
    const rows = new Float32Array(some.length * POOL5_LENGTH);
    for (const [index, key] of some.entries()) {
      rows.set(new Float32Array((await blobs.get(key)).slice().buffer), index * POOL5_LENGTH);
    }
    const maps = await cam.map('grad-cam', { rows, target: [-1, 1] });
    if (maps.length !== some.length * 49) throw new Error(`${maps.length} values are not ${some.length} maps`);
  }
}

export const gradCam: Bench = {
  name: 'grad-cam',
  about: `${MAPS} Grad-CAM maps from stored feature rows and a head of ${NETWORKS} networks`,
  async run({ rounds, quick, threads }) {
    await using folder = await temporaryFolder();
    const blobs = await openBlobStore({ root: path.join(folder.path, 'blobs') });
    const stored = await storeRows(blobs);
    const count = quick ? ROWS_AT_ONCE : MAPS_A_ROUND;
    const keys = Array.from({ length: count }, (_, index) => stored[index % stored.length] ?? '');
    const network = aHead();
    await using cam = await openEnsembleCam(
      Array.from({ length: NETWORKS }, () => network),
      { threads },
    );
    const side = {
      name: 'Grad-CAM',
      run: async () => {
        await mapRows(cam, blobs, keys);
        return count;
      },
    };
    const [result] = await interleave([side], rounds);
    const seconds = (result?.perSecond ?? []).map((perSecond) => MAPS / perSecond);
    return [
      {
        what: `${MAPS.toLocaleString('en-US')} Grad-CAM maps`,
        unit: 's',
        spread: spreadOf(seconds),
        rounds: seconds,
        target: { atMost: 60 },
        note: `rows read from the blob store and verified; ${count} maps a round, scaled; highest resident memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
      },
    ];
  },
};
