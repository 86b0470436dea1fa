import { createHash } from 'node:crypto';
import type { ImageDetail, ImageSummary, ModelTrust, RecordedEvent } from '@xvision/contracts';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { cellsOf, factsOf } from './reading.js';
import { imagesOf, type WatchedStack } from './watched-stack.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const canvasOf = (page: Page) => page.getByRole('img', { name: /^Original of / });

/** The red channel of what is drawn. */
const drawn = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return Array.from(data).filter((_, place) => place % 4 === 0);
  });

/** How far what is drawn is from what it should be, at the worst pixel. */
async function furthest(page: Page, expected: readonly number[]): Promise<number> {
  const shown = await drawn(page);
  if (shown.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(...shown.map((value, place) => Math.abs(value - (expected[place] ?? 0))));
}

const within = (value: number) => Math.min(255, Math.max(0, value));

async function pickImage(watched: WatchedStack, which: (image: ImageSummary) => boolean): Promise<ImageDetail> {
  const found = (await imagesOf(watched, watched.crossed)).find(which);
  if (found === undefined) throw new Error('no such image was collected');
  return await watched.ask<ImageDetail>(`/api/images/${found.id}`);
}

const real = ({ file }: ImageSummary) => file.startsWith('JPCLN');

/** The page of one image: its pixels, its maps and its history. */
export function imagePage(given: () => WatchedStack): void {
  test('level, window and invert change every pixel of a real radiograph by the formula they stand for', async () => {
    const { page, open, stack } = given();
    const image = await pickImage(given(), real);
    const answer = await fetch(`${stack.stack.record.apiUrl}/api/images/${image.id}/grey-values`);
    const { samples, bits } = JSON.parse(answer.headers.get('x-xvision-grey') ?? '{}');
    expect([samples, bits]).toEqual([1, 8]);
    const values = [...new Uint8Array(await answer.arrayBuffer())];
    await page.setViewportSize({ width: 1280, height: 860 });
    await open(`/images/${image.id}`);

    await page.getByRole('button', { name: 'full range' }).click();
    await page.getByLabel('Level, exactly').fill('90');
    await page.getByLabel('Window, exactly').fill('60');
    const shown = values.map((value) => within(((value - 90) / 60 + 0.5) * 255));
    await expect.poll(() => furthest(page, shown)).toBeLessThan(1);

    await page.getByRole('button', { name: 'Invert' }).click();
    await expect
      .poll(() =>
        furthest(
          page,
          shown.map((value) => 255 - value),
        ),
      )
      .toBeLessThan(1);

    await page.getByLabel('Window', { exact: true }).press('ArrowRight');
    const wider = values.map((value) => 255 - within(((value - 90) / 61 + 0.5) * 255));
    await expect.poll(() => furthest(page, wider)).toBeLessThan(1);
  });

  test('the wheel zooms, a hand then moves the picture, keys do the same, and Fit brings it back', async () => {
    const { page } = given();
    const canvas = canvasOf(page);
    await canvas.scrollIntoViewIfNeeded();
    const box = async () => (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const before = await box();
    const width = () => box().then((now) => Math.round((now.width / before.width) * 1000) / 1000);
    await page.mouse.move(before.x + 60, before.y + 60);

    await page.mouse.wheel(0, -100);
    await expect.poll(width).toBe(1.25);
    const zoomed = await box();
    await page.mouse.down();
    await page.mouse.move(before.x + 90, before.y + 80, { steps: 3 });
    await page.mouse.up();
    await expect
      .poll(async () => {
        const now = await box();
        return [Math.round(now.x - zoomed.x), Math.round(now.y - zoomed.y)];
      })
      .toEqual([30, 20]);

    await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
    await expect.poll(width).toBe(1.563);
    await page.getByRole('button', { name: 'Fit' }).press('Enter');
    await expect.poll(box).toEqual(before);
  });

  test('each model is listed with what it said and how its repeats differ, as the API has it', async () => {
    const { page, crossed, other, heldOut } = given();
    const image = await pickImage(given(), real);
    const runs = new Map([crossed, other, heldOut].map((run) => [run.id, run]));
    const said = ({ probabilities, ranges }: ImageDetail['standings'][number]) =>
      probabilities === null
        ? 'trained on it, so it gave no score'
        : Object.entries(probabilities)
            .map(([name, value]) => {
              const range = ranges?.[name];
              const figure = `${name} ${value.toFixed(2)}`;
              return range === undefined ? figure : `${figure} [${range.low.toFixed(2)}, ${range.high.toFixed(2)}]`;
            })
            .join(', ');

    const expected = image.standings.map((standing) => {
      const run = runs.get(standing.runId);
      const right = standing.correct === true;
      return [
        `${run?.task}, ${run?.settings.head}, seed ${run?.settings.seed}`,
        standing.class,
        said(standing),
        standing.predicted === null ? '' : `${right ? '✓' : '✗'} ${standing.predicted} (${right ? 'right' : 'wrong'})`,
      ];
    });

    expect(expected.length).toBe(3);
    expect(expected.some(([, , said]) => said?.includes('['))).toBe(true);
    await expect.poll(() => cellsOf(page.locator('section[aria-labelledby=scores] table'))).toEqual(expected);
  });

  test('each method is another map with its own verdict beside it, and the opacity lays it over what the network saw', async () => {
    const { page, ask, stack, other } = given();
    const image = await pickImage(given(), real);
    const model = other.modelId ?? '';
    const { verdicts } = await ask<ModelTrust>(`/api/models/${model}/trust-card`);
    await page.locator('section[aria-labelledby=explanation]').getByLabel('Model').selectOption(model);
    const pictures = new Set<string>();
    for (const method of ['grad-cam', 'guided-backprop']) {
      await page.getByLabel('Method').selectOption(method);
      const map = page.getByRole('img', { name: `Map of ${method} over what the network saw` });
      await map.waitFor({ timeout: 60_000 });

      const verdict = verdicts.find((one) => one.method === method);
      expect(await page.locator('#explanation ~ * .verdict, #explanation ~ .verdict').innerText()).toBe(
        verdict?.sentence,
      );
      expect(await page.getByLabel('Method').locator('option:checked').innerText()).toContain(
        { passed: 'passed its tests', failed: 'failed its tests', untested: 'not tested' }[
          verdict?.verdict ?? 'failed'
        ],
      );
      const asked = `/api/images/${image.id}/explanation?model=${model}&method=${method}&form=heat-map`;
      const fetched = Buffer.from(await (await fetch(stack.stack.record.apiUrl + asked)).arrayBuffer());
      expect(await map.getAttribute('src')).toBe(`data:image/png;base64,${fetched.toString('base64')}`);
      pictures.add(sha256(fetched));
    }
    expect(pictures.size).toBe(2);

    const layers = page.locator('.layers');
    const looks = new Map<string, string>();
    for (const opacity of ['0', '50', '100']) {
      await page.getByLabel('Opacity of the map').fill(opacity);
      await expect
        .poll(() =>
          layers
            .locator('img')
            .last()
            .evaluate((one) => getComputedStyle(one).opacity),
        )
        .toBe(String(Number(opacity) / 100));
      looks.set(opacity, sha256(await layers.screenshot()));
    }
    expect(new Set(looks.values()).size).toBe(3);
    await layers
      .locator('img')
      .last()
      .evaluate((one) => (one.style.visibility = 'hidden'));
    expect(sha256(await layers.screenshot())).toBe(looks.get('0'));
  });

  test('of a model whose maps would mean nothing no method is offered, in the words in which the API refuses one', async () => {
    const { page, open, stack, crossed } = given();
    const image = await pickImage(given(), real);
    const asked = `/api/images/${image.id}/explanation?model=${crossed.modelId}&method=grad-cam&form=heat-map`;
    const refusal = (await (await fetch(stack.stack.record.apiUrl + asked)).json()) as { detail: string };
    await open(`/images/${image.id}`);
    const section = page.locator('section[aria-labelledby=explanation]');
    await section.getByLabel('Model').selectOption(crossed.modelId);

    await section.getByText(`No map can be drawn: ${refusal.detail}`).waitFor();

    expect(await section.getByLabel('Method').count()).toBe(0);
    expect(await section.locator('.layers').count()).toBe(0);
  });

  test('the lineage names the hash of every step, and the bytes that the API gives have these hashes', async () => {
    const { page, open, ask, stack } = given();
    const image = await pickImage(given(), real);
    const bytes = async (what: string) =>
      sha256(
        new Uint8Array(
          await (await fetch(`${stack.stack.record.apiUrl}/api/images/${image.id}/${what}`)).arrayBuffer(),
        ),
      );
    const [feature] = image.features;
    const models = await Promise.all(
      image.standings.map(({ modelId }) => ask<{ sha256: string }>(`/api/models/${modelId}`)),
    );
    await open(`/images/${image.id}`);

    const hashes = page.locator('.chain code');
    await expect
      .poll(() => hashes.evaluateAll((every) => every.map((one) => one.getAttribute('title'))))
      .toEqual([
        await bytes('original'),
        await bytes('prepared'),
        feature?.weights,
        await bytes('features'),
        ...models.map((model) => model.sha256),
      ]);
    expect(await bytes('original')).toBe(image.original.sha256);
    expect(await bytes('features')).toBe(feature?.sha256);
  });

  test('licence and what it allows, report, patient and events in time stand below a phantom, as the API has them', async () => {
    const { page, open, ask } = given();
    const image = await pickImage(given(), ({ source, labels }) => source === 'openi' && labels.mesh?.[0] !== 'normal');
    const { items } = await ask<{ items: RecordedEvent[] }>(`/api/events?about=${image.id}&order=oldest`);
    await open(`/images/${image.id}`);

    const facts = await factsOf(page.locator('section[aria-labelledby=lineage] dl'));
    expect(facts).toMatchObject({
      Licence: 'CC0-1.0 use, change and share for any purpose',
      View: image.view,
      'Patient (pseudonym)': image.patient,
      'Label of the source': image.labels.mesh?.join('; '),
    });
    expect(await page.locator('pre.report').innerText()).toBe(image.report);
    const events = page.locator('section[aria-labelledby=events] li');
    await expect.poll(() => events.locator('code').allInnerTexts()).toEqual(items.map(({ event }) => event.type));
    const times = await events.locator('time').evaluateAll((every) => every.map((one) => one.getAttribute('datetime')));
    expect(times).toEqual(items.map(({ event }) => event.time).sort());
  });

  test('a rejected file says why in place of pictures and scores', async () => {
    const { page, open } = given();
    const image = await pickImage(given(), ({ rejection }) => rejection !== null);
    await open(`/images/${image.id}`);

    await page.getByText(`Rejected (${image.rejection?.reason}): ${image.rejection?.message}`).waitFor();
    await page.getByText('It is not prepared (yet).').waitFor();
    await page.getByText('No model has said anything of this image.').waitFor();
  });
}
