import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { openCam } from './open-cam.js';
import { oracleFolder, oracleHead, readOracleTensors } from './testing/oracle-head.js';

const shared = sharedFolder();

interface CamOracle {
  readonly gradcam_raw: number[];
  readonly gradcam: number[];
  readonly hirescam_raw: number[];
  readonly hirescam: number[];
  readonly gradient_l2: number;
}

interface Oracle {
  readonly images: readonly { readonly image: string; readonly cam: Record<'logit1' | 'logit1-logit0', CamOracle> }[];
}

/** The oracles' tolerance: 1e-3 of the largest absolute value. */
function expectClose(values: Float32Array, expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  const difference = Math.max(...expected.map((value, index) => Math.abs(value - (values[index] ?? Number.NaN))));
  expect(difference / largest).toBeLessThan(1e-3);
}

describe.skipIf(shared === undefined)('class activation maps of a fixed head', () => {
  const targets = { logit1: [0, 1], 'logit1-logit0': [-1, 1] } as const;
  const oracle = (): Oracle => JSON.parse(readFileSync(path.join(oracleFolder, 'cam.json'), 'utf8'));

  test.each(['logit1', 'logit1-logit0'] as const)(
    'Grad-CAM and HiResCAM of %s equal an independent autodiff',
    async (name) => {
      await using cam = await openCam(oracleHead());
      const rows = readOracleTensors('cam-pool5-rows.safetensors');

      for (const { image, cam: expected } of oracle().images) {
        const request = { rows: rows.get(image) ?? new Float32Array(), target: targets[name] };
        expectClose(await cam.map('grad-cam', { ...request, rectify: false }), expected[name].gradcam_raw);
        expectClose(await cam.map('grad-cam', request), expected[name].gradcam);
        expectClose(await cam.map('hires-cam', { ...request, rectify: false }), expected[name].hirescam_raw);
        expectClose(await cam.map('hires-cam', request), expected[name].hirescam);
        expect(Math.hypot(...(await cam.gradient(request)))).toBeCloseTo(expected[name].gradient_l2, 4);
      }
    },
  );

  test('a map does not depend on the images that are explained beside it', async () => {
    await using cam = await openCam(oracleHead());
    const all = [...readOracleTensors('cam-pool5-rows.safetensors').values()];
    const rows = new Float32Array(all.length * 25_088);
    all.forEach((row, index) => rows.set(row, index * 25_088));

    const together = await cam.map('grad-cam', { rows, target: [0, 1] });

    const alone = await cam.map('grad-cam', { rows: all[1] ?? rows, target: [0, 1] });
    expectClose(together.subarray(49), [...alone]);
  });

  test('rows or targets that do not fit the head are refused', async () => {
    await using cam = await openCam(oracleHead());

    await expect(cam.map('grad-cam', { rows: new Float32Array(100), target: [0, 1] })).rejects.toThrow(
      '100 values are no rows of 25088',
    );
    await expect(cam.map('grad-cam', { rows: new Float32Array(25_088), target: [1] })).rejects.toThrow(
      '2 classes, the target 1',
    );
  });
});
