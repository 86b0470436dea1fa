import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeGreyValues, decodeRadiograph, encodeGrey } from '@xvision/imaging';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { firstShown, tableOf } from './shown.js';

const shared = sharedFolder();

/** The pixels of a file as the page first shows them. */
async function shownOf(bytes: Uint8Array): Promise<Uint8Array> {
  const { about, pixels } = await decodeGreyValues(bytes);
  const table = tableOf(about, firstShown(about));
  return Uint8Array.from(pixels, (value) => table[value & (table.length - 1)] ?? 0);
}

describe('an original on the page', () => {
  test
    .skipIf(shared === undefined)
    .each(['CR-MONO1-10-chest', 'Fake_MONOHR1', 'RG1_J2KI', 'RG3_J2KR', 'test1', 'test2'])(
    '%s.dcm is first shown just as the network input is made of it',
    async (name) => {
      const file = await readFile(path.join(shared ?? '', 'data', 'dicom', 'files', `${name}.dcm`));
      const expected = await decodeRadiograph(file);

      expect(Buffer.compare(await shownOf(file), Buffer.from(expected.pixels))).toBe(0);
    },
  );

  test('of 8 bits is first shown as it is', async () => {
    const grey = Uint8Array.from({ length: 256 }, (_, value) => value);

    expect(await shownOf(await encodeGrey(grey, { width: 16, height: 16 }))).toEqual(grey);
  });
});
