import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test, vi } from 'vitest';
import { startSurroundings } from './start-preprocessor.js';
import { announcements, collect, type Original } from './test-images.js';

const shared = sharedFolder();

async function filesOf(folder: string): Promise<Original[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })));
}

describe.skipIf(shared === undefined)('odd and DICOM files through the running service', () => {
  test('each has exactly one clear outcome, and none ends the service', async () => {
    const data = path.join(shared ?? '', 'data');
    const originals = [
      ...(await filesOf(path.join(data, 'odd/derived'))),
      ...(await filesOf(path.join(data, 'dicom/files'))),
    ];
    await using world = await startSurroundings();
    const preprocessor = world.start();
    await world.bus.publishAll(await collect(world.catalogue, world.stores.blobs, originals));

    await vi.waitFor(async () => expect(await announcements(world.catalogue)).toHaveLength(originals.length), {
      timeout: 50_000,
      interval: 100,
    });

    const rows = await world.catalogue.prisma.$queryRaw<{ name: string; outcome: string }[]>`
      SELECT external_id AS name, coalesce(reason, width || ' x ' || height) AS outcome FROM image
      LEFT JOIN prepared_image p ON p.image_id = id LEFT JOIN image_rejection r ON r.image_id = id`;
    expect(Object.fromEntries(rows.map(({ name, outcome }) => [name, outcome]))).toEqual({
      'cmyk.jpg': '512 x 512',
      'empty.png': 'empty-file',
      'exif_orientation_6.jpg': '512 x 512',
      'gray16.png': '512 x 512',
      'html_error_named.png': 'unsupported-format',
      'image.gif': 'unsupported-format',
      'one_pixel.png': 'too-small',
      'progressive.jpg': '512 x 512',
      'rgba_transparent.png': '512 x 512',
      'truncated.png': 'truncated',
      'CR-MONO1-10-chest.dcm': '440 x 440',
      'Fake_MONOHR1.dcm': '1024 x 1024',
      'RG1_J2KI.dcm': '1841 x 1955',
      'RG3_J2KR.dcm': '1760 x 1760',
      'test1.dcm': '1024 x 1024',
      'test2.dcm': '1024 x 1024',
    });
    preprocessor.child.kill('SIGTERM');
    expect(await preprocessor.exit).toBe(0);
  });
});
