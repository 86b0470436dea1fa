import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { RunCurves, RunMistakes, RunSubgroups } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { cellsOf, factsOf, imageIds, written } from './reading.js';
import { imagesOf, type WatchedStack } from './watched-stack.js';

const NOTICE = 'Research use only; not a medical device';

/** The page of one run: every number and every door against what the API says. */
export function runPage(given: () => WatchedStack): void {
  test('the threshold is moved by keyboard, and sensitivity and specificity move to what the API says of it', async () => {
    const { page, open, ask, crossed } = given();
    const { thresholds, operating } = await ask<RunCurves>(`/api/runs/${crossed.id}/curves`);
    const stricter = thresholds.toReversed();
    await open(`/runs/${crossed.id}`);
    const slider = page.getByRole('slider', { name: 'Call nodule from this probability on' });
    const section = page.locator('section[aria-labelledby=threshold]');
    await slider.press('Home');

    const seen: string[] = [];
    for (const row of stricter) {
      await expect.poll(() => section.locator('output').innerText()).toBe(row.threshold.toFixed(3));
      const shown = await factsOf(section.locator('dl'));
      expect(shown).toEqual({
        Sensitivity: written(row.sensitivity),
        Specificity: written(row.specificity),
        PPV: row.ppv.value === null ? '— not defined' : written(row.ppv),
        NPV: row.npv.value === null ? '— not defined' : written(row.npv),
      });
      const point = operating.find(({ threshold }) => threshold === row.threshold);
      expect(point?.sensitivity).toBeCloseTo(row.sensitivity.value ?? Number.NaN, 12);
      expect(point?.specificity).toBeCloseTo(row.specificity.value ?? Number.NaN, 12);
      seen.push(shown['Sensitivity'] ?? '');
      await slider.press('ArrowRight');
    }

    expect(new Set(seen).size).toBeGreaterThan(5);
  });

  test('the curve on the page goes through every point that the API gives, and the loosest and the strictest end it', async () => {
    const { page, ask, crossed } = given();
    const { operating } = await ask<RunCurves>(`/api/runs/${crossed.id}/curves`);
    const roc = page.getByRole('figure', { name: 'ROC curve with a pointwise 95 % band' });
    const numbers = roc.locator('xpath=following-sibling::details[1]');
    await numbers.locator('summary').click();

    const points = (await cellsOf(numbers.locator('table'))).map(([x, y]) => [x, y?.split(' ')[0]]);

    expect(points).toEqual([
      ['0.000', '0.000'],
      ...operating.map((one) => [(1 - one.specificity).toFixed(3), one.sensitivity.toFixed(3)]),
    ]);
    expect(points.at(-1)).toEqual(['1.000', '1.000']);
    await roc.locator('.recharts-line-curve').first().waitFor();
  });

  test('every cell of the confusion matrix opens exactly the images in it, and Back leads to the run', async () => {
    const { page, open, crossed } = given();
    const images = await imagesOf(given(), crossed);
    const { classes = [], confusion = [] } = crossed.report?.metrics ?? {};
    await open(`/runs/${crossed.id}`);
    for (const [truth, row] of confusion.entries()) {
      for (const [predicted, count] of row.entries()) {
        const within = images
          .filter(({ standing }) => standing?.class === classes[truth] && standing?.predicted === classes[predicted])
          .map(({ id }) => id);
        expect(within.length).toBe(count);
        const cell = page.locator('table.confusion tbody tr').nth(truth).locator('td').nth(predicted);
        expect(await cell.innerText()).toBe(String(count));
        if (count === 0) continue;

        await cell.getByRole('link').click();

        await page.getByText(count === 1 ? '1 image' : `${count} images`, { exact: true }).waitFor();
        const tiles = page.getByRole('list', { name: 'Gallery' }).getByRole('link');
        await expect.poll(async () => (await imageIds(tiles)).sort()).toEqual(within.sort());
        await page.goBack();
        await page.getByRole('heading', { name: 'Result' }).waitFor();
      }
    }
  });

  test('the parts by view, sex, age and source are all there with the intervals of the API, and sort', async () => {
    const { page, ask, crossed } = given();
    const { subgroups } = await ask<RunSubgroups>(`/api/runs/${crossed.id}/subgroups`);
    expect(new Set(subgroups.map(({ by }) => by))).toEqual(new Set(['all', 'view', 'sex', 'age', 'source']));
    const table = page.locator('section[aria-labelledby=subgroups] table');

    const expected = subgroups.map((one) => [
      one.by === 'all' ? 'every tested image' : `${one.by}: ${one.group}`,
      String(one.images),
      String(one.patients),
      ...[one.auc, one.accuracy, one.sensitivity, one.specificity].map(written),
    ]);
    await expect.poll(() => cellsOf(table)).toEqual(expected);

    await table.getByRole('button', { name: 'Images', exact: true }).click();
    const counts = (await cellsOf(table)).map(([, images]) => Number(images));
    expect(counts).toEqual(subgroups.map(({ images }) => images).sort((a, b) => b - a));
  });

  test('fold by fold, each repeat tests every image once, with the numbers of the API', async () => {
    const { page, ask, crossed } = given();
    const { folds } = await ask<RunSubgroups>(`/api/runs/${crossed.id}/subgroups`);
    const table = page.locator('section[aria-labelledby=folds] table');

    await expect
      .poll(() => cellsOf(table))
      .toEqual(
        folds.map((one) => [
          `repeat ${one.repeat + 1}, fold ${one.fold + 1}`,
          String(one.images),
          String(one.patients),
          written(one.auc),
          written(one.accuracy),
        ]),
      );
    for (const repeat of [0, 1]) {
      const tested = folds.filter((one) => one.repeat === repeat).reduce((sum, { images }) => sum + images, 0);
      expect(tested).toBe(crossed.report?.counts.test);
    }
  });

  test('the worst mistake stands first: what the networks gave to the truth only rises along the list', async () => {
    const { page, ask, crossed } = given();
    const images = new Map((await imagesOf(given(), crossed)).map((image) => [image.id, image]));
    const wrong = [...images.values()].filter(({ standing }) => standing?.correct === false);
    const { items } = await ask<RunMistakes>(`/api/runs/${crossed.id}/mistakes?limit=24`);
    const shown = items.map(({ imageId }) => imageId);

    await expect.poll(() => imageIds(page.locator('.mistakes a'))).toEqual(shown);
    expect(shown.length).toBe(Math.min(24, wrong.length));
    const toTruth = shown.map((id) => {
      const standing = images.get(id)?.standing;
      expect(standing?.correct).toBe(false);
      return standing?.probabilities?.[standing.class] ?? Number.NaN;
    });
    expect(toTruth).toEqual(toTruth.toSorted((a, b) => a - b));
    await page.getByText(`${wrong.length} of ${crossed.report?.counts.test} tested images`).waitFor();
  });

  test('the report opens to print, and is saved as one file that shows the same without any server', async () => {
    const { page, browser, crossed } = given();
    const auc = crossed.report?.metrics.auc.value?.toFixed(3) ?? '?';
    const [printed] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Report to print or keep' }).click(),
    ]);
    await printed.waitForLoadState();
    const text = await printed.innerText('body');
    await printed.close();
    expect(text).toContain(NOTICE);
    expect(text).toContain(auc);

    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the report' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe(`xvision-run-${crossed.id}.html`);
    const file = `${given().stack.folder}/${saved.suggestedFilename()}`;
    await saved.saveAs(file);
    expect(await readFile(file, 'utf8')).not.toMatch(/<script|<link|(?:src|href)="(?!#|data:)/);
    const alone = await (await browser.newContext({ offline: true })).newPage();
    await alone.goto(pathToFileURL(file).href);
    expect(await alone.innerText('body')).toBe(text);
    await alone.context().close();
  });
}
