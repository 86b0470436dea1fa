import type { ImageSummary, Run } from '@xvision/contracts';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { imageIds } from './reading.js';
import { imagesOf, type WatchedStack } from './watched-stack.js';

/** High enough for every image to be drawn. */
const TALL = { width: 1280, height: 5200 };

const labelled = ({ labels }: ImageSummary, word: string) =>
  labels.label === word || labels.mesh?.some((term) => term.toLowerCase() === word) === true;

const uncertainty = ({ standing }: ImageSummary) =>
  standing?.probabilities == null ? Number.NaN : 1 - Math.max(...Object.values(standing.probabilities));

/** A filter by its name on the page: what is chosen, where it stands in the address, and whom it lets through. */
const FILTERS: readonly (readonly [
  name: string,
  chosen: string,
  inAddress: string,
  passes: (image: ImageSummary) => boolean,
])[] = [
  ['Label', 'normal', 'label=normal', (image) => labelled(image, 'normal')],
  ['Source', 'openi', 'source=openi', ({ source }) => source === 'openi'],
  ['Licence', 'CC0-1.0', 'licence=CC0-1.0', ({ licence }) => licence === 'CC0-1.0'],
  ['View', 'lateral', 'view=lateral', ({ view }) => view === 'lateral'],
  ['Collection', 'jsrt', 'collection=', ({ file }) => file.startsWith('JPC')],
  ['Stage', 'rejected', 'stage=rejected', ({ rejection }) => rejection !== null],
];

const FILTERS_OF_A_RUN: typeof FILTERS = [
  ['Class', 'nodule', 'label=nodule', ({ standing }) => standing?.class === 'nodule'],
  ['Predicted', 'normal', 'predicted=normal', ({ standing }) => standing?.predicted === 'normal'],
  ['Correctness', 'wrong', 'outcome=wrong', ({ standing }) => standing?.correct === false],
  ['Split', 'trained on only', 'split=train', ({ standing }) => standing?.split === 'train'],
  ['Uncertainty', '.30 and more', 'leastUncertainty=0.3', (image) => uncertainty(image) >= 0.3],
];

const tilesOf = ({ page }: WatchedStack): Locator => page.getByRole('list', { name: 'Gallery' }).getByRole('link');

/** Waits until just these images are there, in whatever order, and are counted. */
async function expectImages(watched: WatchedStack, ids: readonly string[]): Promise<void> {
  await expect.poll(async () => (await imageIds(tilesOf(watched))).sort()).toEqual([...ids].sort());
  await watched.page.getByText(ids.length === 1 ? '1 image' : `${ids.length} images`, { exact: true }).waitFor();
}

const passing = (images: readonly ImageSummary[], passes: (image: ImageSummary) => boolean) =>
  images.filter(passes).map(({ id }) => id);

async function chooseAndGoBack(watched: WatchedStack, base: string, filter: (typeof FILTERS)[number], run: Run) {
  const { page } = watched;
  const [name, chosen, inAddress, passes] = filter;
  const images = await imagesOf(watched, run);
  const expected = passing(images, passes);
  expect(expected.length).toBeGreaterThan(0);
  expect(expected.length).toBeLessThan(images.length);
  await watched.open(base);

  await page.getByLabel(name, { exact: true }).selectOption({ label: chosen });

  await expectImages(watched, expected);
  expect(new URL(page.url()).search).toContain(inAddress);
  await page.reload();
  await expectImages(watched, expected);
  expect(await page.getByLabel(name, { exact: true }).locator('option:checked').innerText()).toBe(chosen);

  await page.goBack();
  expect(page.url()).toBe(`${watched.stack.stack.record.apiUrl}${base}`);
  await expectImages(
    watched,
    passing(images, () => true),
  );
}

/** The gallery: every filter, order and search against what the API says of each image by itself. */
export function imagesPage(given: () => WatchedStack): void {
  test.each(FILTERS)(
    'the filter %s stands in the address, is kept by a reload, lets through just what it says, and Back undoes it',
    async (...filter) => {
      await given().page.setViewportSize(TALL);
      await chooseAndGoBack(given(), '/images', filter, given().heldOut);
    },
  );

  test.each(FILTERS_OF_A_RUN)(
    'the filter %s of a run stands in the address, is kept by a reload, lets through just what it says, and Back undoes it',
    async (...filter) => {
      await chooseAndGoBack(given(), `/images?run=${given().heldOut.id}`, filter, given().heldOut);
    },
  );

  test('the filter by quality shows what the preprocessor remarked, as the catalogue keeps it', async () => {
    const { page, open, stack } = given();
    const enlarged = await stack.query<{ id: string }>(
      "SELECT DISTINCT image_id AS id FROM prepared_image WHERE (quality -> 'enlarged') = 'true'",
    );
    await open('/images');

    await page.getByLabel('Quality').selectOption({ label: 'smaller than the network input' });

    await expectImages(
      given(),
      enlarged.map(({ id }) => id),
    );
  });

  test('filters add up in one address that shows another browser the same, and are cleared at once', async () => {
    const { browser, stack, heldOut } = given();
    const images = await imagesOf(given(), heldOut);
    const both = passing(images, (one) => one.source === 'folder' && one.standing?.class === 'nodule');
    const address = `${stack.stack.record.apiUrl}/images?run=${heldOut.id}&label=nodule&source=folder`;
    const elsewhere = await browser.newPage({ viewport: TALL });
    await elsewhere.goto(address);

    await expectImages({ ...given(), page: elsewhere }, both);

    await elsewhere.getByRole('button', { name: 'Clear all filters' }).click();
    await expectImages(
      { ...given(), page: elsewhere },
      images.map(({ id }) => id),
    );
    await elsewhere.close();
  });

  test('each order is the order of what it is called by', async () => {
    const { page, open, heldOut } = given();
    const images = await imagesOf(given(), heldOut);
    const scored = images.filter(({ standing }) => standing?.probabilities != null);
    const nodule = ({ standing }: ImageSummary) => standing?.probabilities?.['nodule'] ?? Number.NaN;
    const byFile = (one: ImageSummary, other: ImageSummary) => (one.file < other.file ? -1 : 1);
    const orders: readonly (readonly [string, readonly ImageSummary[]])[] = [
      ['newest first', images.toReversed()],
      ['by file, A to Z', images.toSorted(byFile)],
      ['by file, Z to A', images.toSorted(byFile).toReversed()],
      ['most probable first', scored.toSorted((a, b) => nodule(b) - nodule(a))],
      ['least probable first', scored.toSorted((a, b) => nodule(a) - nodule(b))],
      ['most uncertain first', scored.toSorted((a, b) => uncertainty(b) - uncertainty(a))],
      ['most certain first', scored.toSorted((a, b) => uncertainty(a) - uncertainty(b))],
    ];
    await open(`/images?run=${heldOut.id}`);
    for (const [name, expected] of orders) {
      await page.getByLabel('Order').selectOption({ label: name });

      await expect.poll(() => imageIds(tilesOf(given())), { message: name }).toEqual(expected.map(({ id }) => id));
    }
  });

  test('the search finds words of reports and file names, and an id', async () => {
    const { page, open, stack, heldOut } = given();
    const [one] = await imagesOf(given(), heldOut);
    const found = async (where: string) =>
      (await stack.query<{ id: string }>(`SELECT id FROM image WHERE ${where}`)).map(({ id }) => id);
    await open('/images');
    const searches: readonly (readonly [string, readonly string[]])[] = [
      ['scoliosis', await found("report ILIKE '%scoliosis%'")],
      ['jpcln', await found("external_id ILIKE 'JPCLN%'")],
      [one!.id, [one!.id]],
    ];
    for (const [words, expected] of searches) {
      expect(expected.length).toBeGreaterThan(0);
      await page.locator('body').press('/');
      await page.getByRole('searchbox', { name: 'Search' }).fill(words);
      await page.keyboard.press('Enter');

      await expectImages(given(), expected);
      await page.locator('h1').click();
    }
  });

  test('arrows go from tile to tile, Enter opens one, J and K go along the filtered list, and the way back keeps the filter', async () => {
    const { page, open, heldOut } = given();
    const phantoms = (await imagesOf(given(), heldOut)).filter(({ source }) => source === 'openi');
    const expected = phantoms.toSorted((one, other) => (one.file < other.file ? -1 : 1)).map(({ id }) => id);
    await page.setViewportSize({ width: 1280, height: 860 });
    await open('/images?source=openi&sort=file');
    await expect.poll(async () => (await imageIds(tilesOf(given())))[0]).toBe(expected[0]);
    const at = (id: string | undefined) => page.waitForURL(`**/images/${id ?? ''}?source=openi&sort=file`);
    await tilesOf(given()).first().focus();

    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.activeElement?.closest('[data-index="1"]') !== null);
    await page.keyboard.press('Enter');

    await at(expected[1]);
    await page.getByRole('link', { name: 'Next' }).waitFor();
    await page.keyboard.press('j');
    await at(expected[2]);
    await page
      .getByRole('link', { name: 'Previous' })
      .and(page.locator(`[href*="${expected[1]}"]`))
      .waitFor();
    await page.keyboard.press('k');
    await at(expected[1]);
    await page.getByRole('link', { name: 'Back to the images' }).click();
    await page.waitForURL('**/images?source=openi&sort=file');
  });
}
