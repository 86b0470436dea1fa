import { acquireWeights, untrainedWeights } from '@xvision/backbone';
import { POOL5_LENGTH } from '@xvision/contracts';
import { openMapper } from '@xvision/explanation';
import { readPrepared } from '@xvision/imaging';
import { weightsFile } from './bench-stack.js';
import { randomNumbers, randomRow } from './feature-rows.js';
import { aHead } from './grad-cam.js';
import type { Bench } from './measure.js';
import { somePrepared } from './prepared-images.js';
import { interleave, spreadOf } from './rounds.js';

const MAPS_A_ROUND = 4;

/** From the stored row and the prepared image to the map of pixels, with five networks as the default head has them. */
export const guidedBackprop: Bench = {
  name: 'guided-backprop',
  about: 'one guided-backprop map of an ensemble of five, from the stored row and the prepared image',
  async run({ rounds, quick, threads, log }) {
    const file = weightsFile();
    if (file === undefined) log('no weights file at hand: the untrained stand-in, of the same speed');
    const weights = file === undefined ? untrainedWeights() : await acquireWeights({ file, cacheDir: '' });
    const network = aHead();
    await using mapper = await openMapper({
      method: 'guided-backprop',
      networks: Array.from({ length: 5 }, () => network),
      target: [-1, 1],
      weights: () => Promise.resolve(weights),
      threads,
    });
    const count = quick ? 1 : MAPS_A_ROUND;
    const random = randomNumbers(3);
    const images = await Promise.all(
      (await somePrepared(count)).map(async ({ png }) => ({ rgb: await readPrepared(png), row: randomRow(random) })),
    );
    if (images.some(({ row }) => row.length !== POOL5_LENGTH)) throw new Error('a row is no pool5 row');
    const side = {
      name: 'guided backprop',
      run: async () => {
        for (const image of images) await mapper.map(image);
        return images.length;
      },
    };
    const [result] = await interleave([side], rounds);
    const seconds = (result?.perSecond ?? []).map((perSecond) => 1 / perSecond);
    const peak = process.resourceUsage().maxRSS / 1024;
    return [
      {
        what: 'one guided-backprop map',
        unit: 's',
        spread: spreadOf(seconds),
        rounds: seconds,
        target: { atMost: 2 },
        note: `${images.length} maps a round; highest resident memory of the bench so far ${peak.toFixed(0)} MB`,
      },
    ];
  },
};
