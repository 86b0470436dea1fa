import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireWeights, openVgg16, untrainedWeights } from '@xvision/backbone';
import { readPrepared } from '@xvision/imaging';
import { temporaryFolder } from '@xvision/testing';
import { weightsFile } from './bench-stack.js';
import { type LineProcess, openLineProcess, python, pythonScript } from './line-process.js';
import type { Bench, Measure } from './measure.js';
import { somePrepared } from './prepared-images.js';
import { interleave, ratiosOf, type Side, spreadOf } from './rounds.js';

const IMAGES = 48;
const IMAGES_QUICK = 16;
const OTHERS = ['backbone_keras.py', 'backbone_pytorch.py'] as const;

/** The network of the extractor against the libraries that researchers know, on the same pixels and as many threads. */
export const backbones: Bench = {
  name: 'backbones',
  about: 'VGG16 up to pool5: the extractor’s engine against Keras and PyTorch where Python has them',
  async run({ rounds, quick, threads, cacheDir, log }) {
    const file = weightsFile();
    const weights = file === undefined ? untrainedWeights() : await acquireWeights({ file, cacheDir });
    const prepared = await somePrepared(quick ? IMAGES_QUICK : IMAGES);
    const pictures = await Promise.all(prepared.map(({ png }) => readPrepared(png)));
    await using folder = await temporaryFolder();
    const pixels = path.join(folder.path, 'pixels.rgb');
    await writeFile(pixels, Buffer.concat(pictures));

    await using exact = await openVgg16({ weights, engine: 'auto', threads });
    const own: Side = {
      name: exact.describe().label,
      run: async () => {
        for (const rgb of pictures) await exact.pool5(rgb, 1);
        return pictures.length;
      },
    };
    const measures: Measure[] = [];
    for (const script of OTHERS) {
      await using other = await openLineProcess(python, [pythonScript(script), pixels, String(threads)]);
      if (other === undefined) {
        log(`${script}: its library is not on this machine, so nothing is said about it`);
        continue;
      }
      const [ours, theirs] = await interleave([own, passes(other, pictures.length)], rounds);
      const ratios = ratiosOf(ours?.perSecond ?? [], theirs?.perSecond ?? []);
      measures.push({
        what: `images/s of the extractor’s engine / ${other.library}`,
        unit: 'x',
        spread: spreadOf(ratios),
        rounds: ratios,
        target: { atLeast: 1 },
        note: `${own.name}; ${threads} threads each; theirs with the batch that is quickest here, its pixels prepared before the clock starts`,
      });
    }
    return measures;
  },
};

function passes(other: LineProcess, images: number): Side {
  return {
    name: other.library,
    run: async () => ({ units: images, seconds: Number(await other.ask('pass')) }),
  };
}
