import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rulesBroken } from './accessibility.js';
import { browserPath } from './browser.js';
import { openPageOfAStack, type PageOfAStack } from './page-of-a-stack.js';
import { leaveDeadLetter, pagesOf } from './pages.js';
import { shared, type TestStack } from './test-stack.js';
import { follow, xvisionJson } from './xvision.js';

const NOTICE = 'Research use only; not a medical device';

describe.skipIf(shared === undefined || browserPath === undefined)('the page', () => {
  let opened: PageOfAStack;
  let stack: TestStack;
  let page: Page;
  let complaints: string[];

  const open = (address: string) => opened.open(address);

  /** By Escape, once the dialog has the focus: a key pressed sooner goes to the page behind it. */
  const leaveDialog = async () => {
    await page.waitForFunction(() => (document.activeElement?.closest('[role=dialog]') ?? null) !== null);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    opened = await openPageOfAStack();
    ({ stack, page, complaints } = opened);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  test('a job is started from the page, watched as it goes, and ends in its report', async () => {
    await open('/');
    await page.getByRole('button', { name: 'Start a job' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Head').selectOption('seed-mlp');
    await dialog.getByLabel('Folds').fill('2');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL('**/runs/*');

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.waitForFunction(() => /[1-9]\d*\nimages/.test(document.body.innerText));
    await page.goBack();
    await page.waitForSelector('text=95 % interval', { timeout: 300_000 });

    const [{ images } = { images: '?' }] = await stack.query<{ images: string }>(
      'SELECT count(*) AS images FROM image',
    );
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.waitForFunction((count) => document.body.innerText.includes(count), `${images}\nimages`);
    await page.waitForSelector('text=synthetic');
  });

  test('the run shows its numbers with intervals, its marks and what they are not', async () => {
    await open('/runs');
    await page.click('a[href*="/runs/"]');
    await page.waitForSelector('text=95 % interval');

    const text = await page.innerText('body');
    expect(text).toContain(NOTICE);
    expect(text).toContain('synthetic');
    expect(text).toMatch(/AUC\n0\.\d{3}/);
    expect(text).toContain('No-network baseline');
  });

  test('a cell of the confusion matrix opens just its images', async () => {
    await open('/runs');
    await page.click('a[href*="/runs/"]');
    const cell = page.locator('.confusion td a').first();
    const images = Number(await cell.innerText());

    await cell.click();
    await page.waitForURL('**/images?**');

    await page.waitForSelector(`text=/^${images} images?$/`);
  });

  test('the images are there with their labels, and one leads to its lineage', async () => {
    await open('/images');
    await page.waitForFunction(() => [...document.images].some((image) => image.complete && image.naturalWidth > 0));
    await page.click('a[href*="/images/"]');
    await page.waitForSelector('text=Where it comes from');

    expect(await page.innerText('body')).toContain(NOTICE);
  });

  test('an image of the gallery shows what moved the model, with the verdict on the map beside it', async () => {
    const [tested] = await stack.query<{ image: string }>('SELECT image_id AS image FROM test_score LIMIT 1');
    await open(`/images/${tested?.image ?? ''}`);

    await page.getByLabel('Method').selectOption('grad-cam');

    await page.getByRole('img', { name: /^Map of .* over what the network saw$/ }).waitFor();
    expect(await page.innerText('body')).toMatch(/not tested|passed its tests|failed its tests/);
    expect(await page.innerText('body')).toContain(NOTICE);
  });

  test('a dropped DICOM file is scored, or is told why it is not', async () => {
    await open('/models');
    await page.click('a[href*="/models/"]');
    const dicom = path.join(shared ?? '', 'data', 'dicom', 'files', 'CR-MONO1-10-chest.dcm');
    // As the browser itself tells a page of files dragged in from outside.
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [dicom], dragOperationsMask: 1 };
    const drag = async (type: 'dragEnter' | 'dragOver' | 'drop') => {
      const zone = await page.locator('.drop-zone').boundingBox();
      if (zone === null) throw new Error('there is nothing to drop on');
      await session.send('Input.dispatchDragEvent', { type, x: zone.x + 20, y: zone.y + zone.height / 2, data });
    };
    // While a page comes together its parts move: one drops when the zone shows that it takes what is held over it, and
    // again where it was gone from under the file. What was taken stands in the address.
    const taken = () => new URL(page.url()).searchParams.has('prediction');
    await expect
      .poll(
        async () => {
          if (taken()) return true;
          await drag('dragEnter');
          await drag('dragOver');
          if ((await page.locator('.drop-zone[data-drop-target]').count()) === 1) await drag('drop');
          return taken();
        },
        { interval: 500 },
      )
      .toBe(true);

    const row = page.getByRole('row', { name: /CR-MONO1-10-chest\.dcm/ });
    await row.waitFor({ timeout: 120_000 });
    expect(await row.innerText()).toMatch(/\.\d{2}|no score|another view|unlike|unfit/);
    expect(await page.innerText('body')).toContain(NOTICE);
  });

  test('a dead letter is re-driven with a reason, and who did it is kept', async () => {
    await leaveDeadLetter(stack, 'the decoder <b>broke</b>');
    await open('/dead-letters');
    const row = page.getByRole('row', { name: /the decoder <b>broke<\/b>/ });
    await row.getByRole('checkbox').check();

    await page.getByRole('button', { name: 'Re-drive chosen (1)' }).click();
    await page.getByLabel('Reason, for those who read this later').fill('the decoder is mended');
    await page.getByRole('dialog').getByRole('button', { name: 'Re-drive' }).click();

    await page.waitForSelector('text=the decoder is mended');
    await expect
      .poll(() => stack.query('SELECT state FROM dead_letter'), { timeout: 10_000 })
      .toEqual([{ state: 'redriven' }]);
    await expect
      .poll(() =>
        stack.query('SELECT count(*)::int AS sent FROM event WHERE redrives = 1 AND published_at IS NOT NULL'),
      )
      .toEqual([{ sent: 1 }]);
  });

  test('the command line follows events as they happen, one JSON document a line', async () => {
    const following = await follow(['events', '--follow', '--json'], stack);

    await xvisionJson(['train', '--task', 'nodule', '--cv', '2', '--head', 'seed-mlp', '--seed', '2'], stack);

    const types = () => following.lines.map((line) => JSON.parse(line).type);
    await expect.poll(types, { timeout: 60_000 }).toContain('xv.model.evaluated.v1');
    following.stop();
    expect(types()).toContain('xv.model.trained.v1');
  });

  test('everything is reached by the keyboard, and a dialog gives the focus back', async () => {
    await open('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Start a job');

    await page.keyboard.press('Enter');
    await leaveDialog();

    await page.waitForFunction(() => document.activeElement?.textContent === 'Start a job');
  });

  test('whoever goes to another page by keyboard has the focus in it, and the tab says which page it is', async () => {
    await open('/');
    for (const name of ['Runs', 'Models', 'Dead letters']) {
      await page.getByRole('link', { name }).focus();
      await page.keyboard.press('Enter');

      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
      expect(await page.title()).toBe(`${name} · Xvision`);
    }
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  test('a question about dead letters is closed by Escape, nothing is done, and the focus is back at its button', async () => {
    await leaveDeadLetter(stack, 'the broker was away');
    await open('/dead-letters');
    await page
      .getByRole('row', { name: /the broker was away/ })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: 'Discard chosen (1)' }).press('Enter');

    await leaveDialog();

    await page.waitForFunction(() => document.activeElement?.textContent === 'Discard chosen (1)');
    expect(await stack.query("SELECT count(*)::int AS open FROM dead_letter WHERE state = 'open'")).toEqual([
      { open: 1 },
    ]);
  });

  test('a server that is gone is told of, and the page goes on by itself when it is back', async () => {
    await open('/');
    await page.waitForSelector('.connection.live');
    const before = complaints.length;
    stack.stack.service('dashboard').kill('SIGKILL');

    await page.waitForSelector('text=connection lost, trying again');
    await page.waitForSelector('.connection.live', { timeout: 60_000 });

    await page.getByRole('link', { name: 'Runs' }).click();
    await page.waitForSelector('a[href*="/runs/"]');
    // What the browser writes about a server that is away is not the page's fault.
    complaints.splice(before);
  });

  test.each(['light', 'dark'] as const)('no page breaks an accessibility rule in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const [, where] of await pagesOf(stack)) {
      await open(where);
      // The page's own policy forbids scripts from elsewhere, so the rules are brought in from outside it.
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setBypassCSP', { enabled: true });
      await page.reload();
      await page.waitForSelector('h1');
      await page.waitForFunction(() => !document.body.innerText.includes('Waiting for'));

      expect(await rulesBroken(page, where)).toEqual([]);
      // On a usual screen no table of usual length has to be scrolled sideways.
      const cut = await page
        .locator('.wide')
        .evaluateAll((every) =>
          every.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerHTML.slice(0, 200)),
        );
      expect(cut.map((table) => `${where} ${table}`)).toEqual([]);
    }
  });

  test.each([
    [
      '/runs',
      `INSERT INTO run (id, settings, task_name, state, synthetic)
       SELECT gen_random_uuid(), settings, task_name, 'failed', synthetic FROM (SELECT * FROM run LIMIT 1) AS one, generate_series(1, 60)`,
    ],
    [
      '/models',
      `INSERT INTO model (id, content_key, sha256, dataset_sha256, card)
       SELECT gen_random_uuid(), 'another ' || n, sha256, dataset_sha256, card FROM (SELECT * FROM model LIMIT 1) AS one, generate_series(1, 60) AS n`,
    ],
  ])(
    'the list at %s goes on to a second page, whose address leads there again, and back to the newest',
    async (address, more) => {
      await stack.query(more);
      const hrefs = (of: Locator) => of.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      await open(address);
      const rows = page.locator('tbody th a');
      await rows.nth(49).waitFor();
      const first = await hrefs(rows);

      await page.getByRole('link', { name: 'Older' }).click();
      await page.getByRole('link', { name: 'Newest' }).waitFor();
      await expect.poll(async () => (await hrefs(rows))[0]).not.toBe(first[0]);
      const second = await hrefs(rows);
      expect(second.filter((one) => first.includes(one))).toEqual([]);
      await page.reload();
      await expect.poll(() => hrefs(rows)).toEqual(second);

      await page.getByRole('link', { name: 'Newest' }).click();
      await expect.poll(() => hrefs(rows)).toEqual(first);
    },
  );

  test('nothing was complained about in the browser, and nothing broke the content security policy', () => {
    expect(complaints).toEqual([]);
  });
});
