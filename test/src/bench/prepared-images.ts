import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeGrey, type Prepared, prepareImage } from '@xvision/imaging';
import { drawPhantom } from '@xvision/openi';
import { sharedFolder } from '@xvision/testing';

/** Real radiographs where they are beside the project, else drawn ones; PNG files, each different. */
export async function someRadiographs(count: number): Promise<Uint8Array[]> {
  const shared = sharedFolder();
  const folder = shared && path.join(shared, 'data', 'jsrt128', 'images');
  const names = folder === undefined ? [] : (await readdir(folder)).sort().slice(0, count);
  const real = await Promise.all(names.map((name) => readFile(path.join(folder ?? '', name))));
  const drawn: Uint8Array[] = [];
  for (let seed = real.length; seed < count; seed += 1) {
    const { pixels, width, height } = drawPhantom({ seed, view: 'frontal', size: 256 });
    drawn.push(await encodeGrey(pixels, { width, height }));
  }
  return [...real, ...drawn];
}

/** Ready for the network, as the preprocessor would have made them. */
export async function somePrepared(count: number): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const bytes of await someRadiographs(count)) prepared.push(await prepareImage(bytes));
  return prepared;
}
