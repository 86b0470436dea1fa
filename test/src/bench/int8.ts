import { acquireWeights, calibrate, openVgg16, openVgg16Int8, untrainedWeights, type Vgg16 } from '@xvision/backbone';
import { readPrepared } from '@xvision/imaging';
import { weightsFile } from './bench-stack.js';
import type { Bench } from './measure.js';
import { somePrepared } from './prepared-images.js';
import { interleave, ratiosOf, type Side, spreadOf } from './rounds.js';

const IMAGES = 24;
const IMAGES_QUICK = 4;
const CALIBRATED_ON = 8;

/** The int8 network against the quickest exact one on this machine, on the same pictures and threads. */
export const int8: Bench = {
  name: 'int8',
  about: 'VGG16 up to pool5 in 8-bit arithmetic against the quickest exact graph, image by image',
  async run({ rounds, quick, threads, cacheDir, log }) {
    const file = weightsFile();
    if (file === undefined) log('no weights file at hand: the untrained stand-in, of the same speed');
    const weights = file === undefined ? untrainedWeights() : await acquireWeights({ file, cacheDir });
    const prepared = await somePrepared(quick ? IMAGES_QUICK : IMAGES);
    const pictures = await Promise.all(prepared.map(({ png }) => readPrepared(png)));
    const calibration = await calibrate(weights, pictures.slice(0, CALIBRATED_ON), { threads });
    await using approximate = await openVgg16Int8({ weights, calibration, threads });
    await using exact = await openVgg16({ weights, engine: 'auto', threads });
    const side = (name: string, vgg16: Vgg16): Side => ({
      name,
      run: async () => {
        for (const rgb of pictures) await vgg16.pool5(rgb, 1);
        return pictures.length;
      },
    });
    const [ours, theirs] = await interleave([side('int8', approximate), side('exact', exact)], rounds);
    const ratios = ratiosOf(ours?.perSecond ?? [], theirs?.perSecond ?? []);
    const peak = process.resourceUsage().maxRSS / 1024;
    return [
      {
        what: 'images/s of the int8 graph / exact',
        unit: 'x',
        spread: spreadOf(ratios),
        rounds: ratios,
        target: { atLeast: 2.5 },
        note: `exact: ${exact.describe().label}; highest resident memory of the bench so far ${peak.toFixed(0)} MB`,
      },
      { what: 'int8', unit: 'images/s', spread: spreadOf(ours?.perSecond ?? []), rounds: ours?.perSecond ?? [] },
    ];
  },
};
