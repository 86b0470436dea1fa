import { describe, expect, test } from 'vitest';
import { colourOf } from './colour-map.js';
import { decodeRadiograph, overlay, type Radiograph } from './index.js';
import { phantom } from './testing/phantom.js';

const radiograph = (width: number, height: number, pixels: Uint8Array | Uint16Array): Radiograph => ({
  mediaType: 'image/png',
  width,
  height,
  channels: 1,
  pixels,
  bitsStored: 8,
  photometric: 'MONOCHROME2',
  view: 'unknown',
});

/** One bright cell at row 2, column 5 of a 7 x 7 map. */
const oneCell = { side: 7, values: Float32Array.from({ length: 49 }, (_, cell) => (cell === 2 * 7 + 5 ? 1 : 0)) };

/** The colours of a PNG by place. */
async function drawn(png: Uint8Array) {
  const { width, height, channels, pixels } = await decodeRadiograph(png);
  return {
    width,
    height,
    at: (x: number, y: number) => Array.from(pixels.subarray((y * width + x) * channels).subarray(0, 3)),
  };
}

describe('a map over a radiograph', () => {
  test('a cell of a 7 x 7 map covers exactly its 32 x 32 pixels of the network input', async () => {
    const { at } = await drawn(await overlay(radiograph(224, 224, new Uint8Array(224 * 224)), oneCell, { opacity: 1 }));

    for (const [x, y] of [
      [160, 64],
      [191, 64],
      [160, 95],
      [191, 95],
    ] as const)
      expect(at(x, y)).toEqual([253, 231, 37]);
    for (const [x, y] of [
      [159, 64],
      [192, 64],
      [160, 63],
      [191, 96],
    ] as const)
      expect(at(x, y)).toEqual([68, 1, 84]);
  });

  test('the map lies on the centre square that the network saw; the rest stays the radiograph', async () => {
    const pixels = new Uint8Array(400 * 300).fill(100);

    const { at, width, height } = await drawn(await overlay(radiograph(400, 300, pixels), oneCell));

    expect([width, height]).toEqual([400, 300]);
    expect(at(49, 150)).toEqual([100, 100, 100]);
    expect(at(350, 150)).toEqual([100, 100, 100]);
    expect(at(50, 150)).toEqual([84, 51, 92]);
    // Cell (2, 5) begins at 2/7 of the height and 5/7 of the width of the square.
    expect(at(50 + 230, 100)).toEqual([177, 166, 69]);
  });

  test('without opacity the radiograph comes through as it is, 16 bits shown as 8', async () => {
    const { pixels } = phantom(224, 224);
    const deep = Uint16Array.from(pixels, (grey) => grey * 257);

    const png = await overlay(radiograph(224, 224, deep), oneCell, { opacity: 0 });

    expect((await decodeRadiograph(png)).pixels).toEqual(pixels);
  });

  test('a map of the wrong size and an impossible opacity are refused', async () => {
    const image = radiograph(64, 64, new Uint8Array(64 * 64));

    await expect(overlay(image, { side: 7, values: new Float32Array(48) })).rejects.toThrow('no map of 7 x 7');
    await expect(overlay(image, oneCell, { opacity: 2 })).rejects.toThrow('opacity 2');
  });
});

test('the colour scale grows lighter all the way, and a value outside it is drawn at its end', () => {
  const lightness = (value: number) => {
    const [red, green, blue] = colourOf(value);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  for (let step = 1; step <= 100; step++) expect(lightness(step / 100)).toBeGreaterThan(lightness((step - 1) / 100));
  expect(colourOf(-3)).toEqual(colourOf(0));
  expect(colourOf(Number.POSITIVE_INFINITY)).toEqual(colourOf(1));
});
