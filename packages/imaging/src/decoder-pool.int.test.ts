import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodeGrey, openDecoderPool, prepareImage } from './index.js';
import { phantom } from './testing/phantom.js';

const size = { width: 300, height: 300 };
const aRadiograph = () => encodeGrey(phantom(300, 300).pixels, size);

const HEAVY_SIDE = 5000;

/** 25 megapixels of noise on a ramp, which give a decoder something to do; made once. */
const aHeavyImage = (() => {
  const noise = Uint8Array.from(
    { length: HEAVY_SIDE ** 2 },
    (_, index) => (Math.imul(index ^ (index >>> 7), 2_654_435_761) >>> 25) + (index * 128) / HEAVY_SIDE ** 2,
  );
  const raw = { width: HEAVY_SIDE, height: HEAVY_SIDE, channels: 1 } as const;
  let made: Promise<Buffer> | undefined;
  return () => (made ??= sharp(noise, { raw }).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer());
})();

describe('the decoder pool', () => {
  test('prepares as the same code does in this process, and passes rejections on', async () => {
    const png = await aRadiograph();
    await using pool = openDecoderPool();

    const here = await prepareImage(png);
    const there = await pool.prepare(png);

    expect(there).toEqual(here);
    await expect(pool.prepare(new Uint8Array(0))).rejects.toMatchObject({
      name: 'UnfitImageError',
      reason: 'empty-file',
    });
    await expect(pool.prepare(png, { asPrepared: true })).rejects.toMatchObject({ reason: 'not-224' });
    await expect(pool.prepare(png, { maxPixels: 10 })).rejects.toMatchObject({ reason: 'too-many-pixels' });
  });

  test('more images than children wait their turn', async () => {
    const png = await aRadiograph();
    await using pool = openDecoderPool({ size: 2 });

    const prepared = await Promise.all(Array.from({ length: 12 }, () => pool.prepare(png)));

    expect(new Set(prepared.map((one) => Buffer.from(one.png).toString('hex'))).size).toBe(1);
  });

  test('an image that outlasts its time, twice, is unfit', async () => {
    const heavy = await aHeavyImage();
    await using pool = openDecoderPool({ timeoutMs: 100 });

    await expect(pool.prepare(heavy)).rejects.toMatchObject({
      name: 'UnfitImageError',
      reason: 'unreadable',
      message: expect.stringContaining('down 2 times (it took more than 0.1 s)'),
    });
  });

  test.runIf(process.platform === 'linux')(
    'an image that takes too much memory is unfit; the pool goes on',
    async () => {
      const heavy = await aHeavyImage();
      await using pool = openDecoderPool({ maxResidentMb: 140 });

      await expect(pool.prepare(heavy)).rejects.toMatchObject({
        reason: 'unreadable',
        message: expect.stringMatching(/it held \d+ MiB, over the limit of 140/),
      });
      await expect(pool.prepare(await aRadiograph())).resolves.toMatchObject(size);
    },
  );

  test.runIf(process.platform === 'linux')(
    'a child killed in the middle of a job is replaced and the image prepared',
    async () => {
      const heavy = await aHeavyImage();
      await using pool = openDecoderPool();
      await pool.prepare(await aRadiograph());
      const [child] = await childrenOf(process.pid);

      const job = pool.prepare(heavy);
      process.kill(child ?? -1, 'SIGKILL');

      await expect(job).resolves.toMatchObject({ width: HEAVY_SIDE, height: HEAVY_SIDE });
    },
  );

  test.runIf(process.platform === 'linux')('a disposed pool leaves no process and takes no more work', async () => {
    const pool = openDecoderPool({ size: 2 });
    const png = await aRadiograph();
    await Promise.all([pool.prepare(png), pool.prepare(png)]);
    const children = await childrenOf(process.pid);
    expect(children).toHaveLength(2);

    await pool[Symbol.asyncDispose]();

    expect(await childrenOf(process.pid)).toEqual([]);
    await expect(pool.prepare(png)).rejects.toThrow('the decoder pool is closed');
  });
});

/** Decoders among the direct children of this process. */
async function childrenOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  for (const task of await readdir(`/proc/${pid}/task`)) {
    const children = (await readFile(`/proc/${pid}/task/${task}/children`, 'utf8')).trim().split(' ').filter(Boolean);
    for (const child of children) {
      const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('decoder-process')) found.push(Number(child));
    }
  }
  return found;
}
