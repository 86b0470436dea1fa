import type { Epoch, Estimate, Run, RunComparison, RunCurves } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { xvisionJson } from '../xvision.js';
import { cellsOf, factsOf, written } from './reading.js';
import type { WatchedStack } from './watched-stack.js';

const p = (value: number | null | undefined) => (value == null ? '—' : value.toFixed(3));

const NOT_APPLICABLE = 'not applicable: needs two classes and one image a patient';

/** Long enough to be seen at work, and done in a few seconds. */
const MANY_EPOCHS = 150;

/** The list of runs, what people write beside them, and runs held against each other. */
export function runsPage(given: () => WatchedStack): void {
  const rows = () => given().page.locator('main table').first();
  const links = () => rows().locator('tbody th a');
  const shown = async () =>
    (await links().evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))).sort();
  const asked = async (query: string) =>
    (await given().ask<{ items: Run[] }>(`/api/runs?limit=200&${query}`)).items.map(({ id }) => `/runs/${id}`).sort();

  test('a note and tags written beside a run are kept, stand in the list, and find it', async () => {
    const { page, open, ask, crossed } = given();
    await open(`/runs/${crossed.id}`);
    await page.getByRole('textbox', { name: 'Note' }).fill('better <b>light</b> in the second room');
    await page.getByLabel('Tags, separated by spaces').fill('to-report second-room to-report');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('Kept.').waitFor();

    expect(await ask<Run>(`/api/runs/${crossed.id}`)).toMatchObject({
      note: 'better <b>light</b> in the second room',
      tags: expect.arrayContaining(['second-room', 'to-report']),
    });
    await open('/runs');
    const row = page.getByRole('row', { name: /better <b>light<\/b> in the second room/ });
    await expect
      .poll(() => row.locator('.tag').allInnerTexts())
      .toEqual((await ask<Run>(`/api/runs/${crossed.id}`)).tags);

    await page.getByLabel('Tags', { exact: true }).selectOption('second-room');
    await expect.poll(shown).toEqual([`/runs/${crossed.id}`]);
    expect(new URL(page.url()).search).toBe('?tag=second-room');
    await page.reload();
    await expect.poll(shown).toEqual([`/runs/${crossed.id}`]);
    await page.goBack();
    await expect.poll(shown).toEqual(await asked(''));
  });

  test('task, state and search let through the runs that the API lets through', async () => {
    const { page, open, heldOut } = given();
    await open('/runs');
    await page.getByLabel('Task', { exact: true }).selectOption('held-out');
    await expect.poll(shown).toEqual([`/runs/${heldOut.id}`]);
    await page.getByLabel('State', { exact: true }).selectOption('failed');
    await page.getByText('No run fits these filters.').waitFor();

    await open('/runs');
    await page.getByRole('searchbox').fill('second room');
    await expect.poll(shown).toEqual(await asked('search=second+room'));
    await page.getByRole('searchbox').fill(heldOut.id);
    await expect.poll(shown).toEqual([`/runs/${heldOut.id}`]);
  });

  test('runs picked in the list are compared with their own numbers and the paired sentence of the API', async () => {
    const { page, open, ask, crossed, other } = given();
    await open(`/runs?search=nodule`);
    for (const run of [crossed, other])
      await page
        .getByRole('row')
        .filter({ has: page.locator(`a[href="/runs/${run.id}"]`) })
        .getByRole('checkbox')
        .check();
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    await page.waitForURL(`**/runs/compare?run=${crossed.id}&run=${other.id}`);

    const of = (pick: (run: Run) => Estimate | undefined) =>
      [crossed, other].map((run) => {
        const estimate = pick(run);
        return estimate === undefined ? '—' : written(estimate);
      });
    const side = page.getByRole('table', { name: 'Side by side' });
    await side.waitFor();
    expect(await cellsOf(side)).toEqual([
      ['AUC with 95 % interval', ...of((run) => run.report?.metrics.auc)],
      ['Accuracy', ...of((run) => run.report?.metrics.accuracy)],
      ['Brier score (less is better)', ...of((run) => run.report?.metrics.brier)],
      ['No-network baseline', ...of((run) => run.report?.metrics.baseline?.auc)],
      ['Tested images', ...[crossed, other].map((run) => String(run.report?.counts.test))],
    ]);

    const paired = await ask<RunComparison>(`/api/runs/${crossed.id}/comparison/${other.id}`);
    const pair = page.locator('.pair');
    await pair.getByText(paired.sentence, { exact: true }).waitFor();
    expect(await factsOf(pair.locator('dl'))).toEqual({
      'Images that both tested': String(paired.images),
      Patients: String(paired.patients),
      'AUC difference [95 %]': written(paired.auc.difference),
      'Accuracy difference [95 %]': written(paired.accuracy.difference),
      'Brier difference [95 %]': written(paired.brier.difference),
      "DeLong's test, p": paired.delong === null ? NOT_APPLICABLE : p(paired.delong.p),
      "McNemar's exact test, p": paired.mcNemar === null ? NOT_APPLICABLE : p(paired.mcNemar.p),
    });
  });

  test('the curves of compared runs lie over each other, each point that of the API', async () => {
    const { page, ask, crossed, other } = given();
    const figures = {
      'ROC curve with a pointwise 95 % band': ({ operating }: RunCurves) => [
        ['0.000', '0.000'],
        ...operating.map((one) => [(1 - one.specificity).toFixed(3), one.sensitivity.toFixed(3)]),
      ],
      'Precision and recall; the dashed line is the share of positives': ({ operating }: RunCurves) =>
        operating.map((one) => [one.sensitivity.toFixed(3), one.precision.toFixed(3)]),
    };
    const curves = await Promise.all([crossed, other].map(({ id }) => ask<RunCurves>(`/api/runs/${id}/curves`)));
    for (const [label, pointsOf] of Object.entries(figures)) {
      const figure = page.getByRole('figure', { name: label });
      await expect.poll(() => figure.locator('.recharts-legend-item').count()).toBe(2);
      const numbers = figure.locator('xpath=following-sibling::details[1]');
      await numbers.locator('summary').click();
      for (const [place, found] of curves.entries()) {
        const body = await numbers
          .locator('tbody')
          .nth(place)
          .locator('tr')
          .evaluateAll((every) =>
            every.map((row) => [...row.querySelectorAll<HTMLElement>('th, td')].map((cell) => cell.innerText)),
          );
        expect(body.slice(1).map(([x, y]) => [x, y?.split(' ')[0]])).toEqual(pointsOf(found));
      }
    }
  });

  test('three runs compared on a narrow screen have a legend that touches no number of an axis', async () => {
    const { page, open, crossed, other, heldOut } = given();
    await page.setViewportSize({ width: 390, height: 860 });
    await open(`/runs/compare?${[crossed, other, heldOut].map(({ id }) => `run=${id}`).join('&')}`);
    const roc = page.getByRole('figure', { name: 'ROC curve with a pointwise 95 % band' });
    await expect.poll(() => roc.locator('.recharts-legend-item').count()).toBe(3);

    const touched = await page.locator('figure.chart').evaluateAll((figures) =>
      figures.flatMap((figure) => {
        const boxes = (of: string) => [...figure.querySelectorAll(of)].map((one) => one.getBoundingClientRect());
        const names = boxes('.recharts-legend-item');
        return boxes('.recharts-cartesian-axis-tick-value')
          .filter((number) =>
            names.some((name) => number.top < name.bottom && name.top < number.bottom && number.right > name.left),
          )
          .map(({ x, y }) => `${figure.getAttribute('aria-label')}: at ${x}, ${y}`);
      }),
    );
    expect(touched).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test('a training is drawn as it goes, and when it is done its curve is the mean of what the API has of every epoch', async () => {
    const { page, open, ask, stack } = given();
    const long = [
      'train',
      '--task',
      'nodule',
      '--head',
      'seed-mlp',
      '--cv',
      '2',
      '--epochs',
      String(MANY_EPOCHS),
      '--collection',
      'jsrt',
    ];
    await open('/runs');
    const ended = xvisionJson([...long, '--seed', '6'], stack);
    const running = page.getByRole('region', { name: 'Running now' });
    await running.getByRole('figure', { name: /^Loss by epoch over \d+ epochs?$/ }).waitFor();
    const { run } = (await ended) as { run: string };
    await running.waitFor({ state: 'detached' });

    await open(`/runs/${run}`);
    const figure = page.getByRole('figure', { name: `Loss by epoch over ${MANY_EPOCHS} epochs` });
    await figure.waitFor();
    const { items } = await ask<{ items: Epoch[] }>(`/api/runs/${run}/epochs`);
    const meanAt = (epoch: number, delivered: boolean) => {
      const losses = items
        .filter((one) => one.epoch === epoch && (one.fold === -1) === delivered)
        .map(({ loss }) => loss);
      return (losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toFixed(4);
    };
    await figure.locator('xpath=following-sibling::details[1]').locator('summary').click();
    const table = await cellsOf(figure.locator('xpath=following-sibling::details[1]').locator('table'));
    expect(table.length).toBe(MANY_EPOCHS);
    for (const place of [0, 9, MANY_EPOCHS - 1]) {
      expect(table[place]).toEqual([String(place + 1), meanAt(place + 1, true), meanAt(place + 1, false)]);
    }
  });
}
