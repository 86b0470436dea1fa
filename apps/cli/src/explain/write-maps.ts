import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { npyOf, type RawMap, shownMap } from '@xvision/explanation';
import { decodeRadiograph, overlay } from '@xvision/imaging';
import { CommandError } from '../failure.js';

export interface MapFiles {
  /** The raw map as float32 for NumPy. */
  readonly map: string;
  /** Laid over the 224 x 224 network input. */
  readonly overlay: string;
  /** Laid over the radiograph at its own size. */
  readonly overlayOriginal: string;
}

/**
 * Names that say the image, the method and the class; `files` in the order of the command line. Images of the same name
 * from different folders are told apart by their place.
 */
export function mapFiles(files: readonly string[], { out, suffix }: { out: string; suffix: string }): MapFiles[] {
  const stems = files.map((file) => path.parse(file).name);
  return stems.map((stem, place) => {
    const same = stems.filter((other) => other === stem).length > 1;
    const start = path.join(out, `${same ? `${place + 1}-` : ''}${stem}.${suffix.replaceAll(/[^\w.-]/g, '-')}`);
    return { map: `${start}.npy`, overlay: `${start}.224.png`, overlayOriginal: `${start}.original.png` };
  });
}

/** Writes one map and its two pictures. Throws {@link CommandError} when a file cannot be written. */
export async function writeMap(
  files: MapFiles,
  { raw, prepared, original, crossed }: { raw: RawMap; prepared: Uint8Array; original: Uint8Array; crossed: boolean },
): Promise<void> {
  const { side, values } = raw;
  const shown = { side, values: shownMap(values) };
  await write(files.map, npyOf(raw));
  await write(files.overlay, await overlay(await decodeRadiograph(prepared), shown, { crossed }));
  await write(files.overlayOriginal, await overlay(await decodeRadiograph(original), shown, { crossed }));
}

/** A broken command leaves no file under a final name. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(`${file}.part`, bytes);
    await rename(`${file}.part`, file);
  } catch (error) {
    throw new CommandError(`${file} cannot be written`, { cause: error });
  }
}
