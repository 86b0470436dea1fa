import type { Model, Promotion } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { cellsOf, factsOf, written } from './reading.js';
import type { WatchedStack } from './watched-stack.js';

/** The registry: how a model is read, what it was made from, and who let it through. */
export function modelsPage(given: () => WatchedStack): void {
  test('how the scores of a model are read, and from what it was made, is what the API says of it', async () => {
    const { page, open, ask, crossed } = given();
    const model = await ask<Model>(`/api/models/${crossed.modelId}`);
    const point = model.profile?.operatingPoint;
    expect(model.dataset).toBe(crossed.report?.dataset);
    await open(`/models/${model.id}`);

    const reading = await factsOf(page.locator('section[aria-labelledby=operating] dl'));
    expect(reading).toMatchObject({
      'Operating point':
        point == null
          ? 'none: there were too few validation images'
          : expect.stringContaining(point.threshold.toFixed(3)),
      'Rests on': `${model.profile?.images} validation images that the scoring networks never saw`,
      Views: model.profile?.views.join(', '),
    });
    if (point != null) {
      expect([reading['Sensitivity'], reading['Specificity']]).toEqual(
        [point.sensitivity, point.specificity].map(written),
      );
    }
    const made = await factsOf(page.locator('section[aria-labelledby=about] dl'));
    expect(made['Dataset']).toBe(model.dataset);
    expect(made['Model']).toBe(model.id);
    expect(made['Weights of the head']).toContain(model.sha256);
    await page.getByRole('link', { name: 'Run', exact: true }).click();
    await page.waitForURL(`**/runs/${crossed.id}`);
  });

  test('a model goes from stage to stage with a reason, and who moved it when stands there and in the list', async () => {
    const { page, open, ask, crossed, other } = given();
    const promotions = page.locator('section[aria-labelledby=promotions]');
    await open(`/models/${crossed.modelId}`);
    await promotions.getByText('Nobody has moved it yet.').waitFor();
    for (const [stage, reason] of [
      ['candidate', 'best of the first three'],
      ['production', 'read by two people; <i>fit</i>'],
    ] as const) {
      await promotions.getByLabel('Move to').selectOption(stage);
      await promotions.getByLabel('Reason').fill(reason);
      await promotions.getByRole('button', { name: 'Move' }).click();
      await page.locator(`h1 .stage-${stage}`).waitFor();
    }

    const { items } = await ask<{ items: Promotion[] }>(`/api/models/${crossed.modelId}/promotions`);
    expect(items.map(({ stage, reason }) => [stage, reason])).toEqual([
      ['production', 'read by two people; <i>fit</i>'],
      ['candidate', 'best of the first three'],
    ]);
    const table = promotions.locator('table');
    await expect
      .poll(async () => (await cellsOf(table)).map(([stage, by, , why]) => [stage, by, why]))
      .toEqual(items.map((one) => [one.stage, one.promotedBy, one.reason]));
    expect(await table.locator('time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')))).toEqual(
      items.map(({ createdAt }) => createdAt),
    );

    await open('/models');
    await page.getByLabel('Stage').selectOption('production');
    const rows = page.locator('main tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.getByRole('link').first().getAttribute('href')).toBe(`/models/${crossed.modelId}`);
    expect(await rows.innerText()).toContain(`by ${items[0]?.promotedBy}`);
    await page.getByLabel('Stage').selectOption('no stage');
    await page.locator(`a[href="/models/${other.modelId}"]`).waitFor();
    expect(await page.locator(`a[href="/models/${crossed.modelId}"]`).count()).toBe(0);
  });
}
