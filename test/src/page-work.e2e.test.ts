import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type RunReport, runReportSchema } from '@xvision/contracts';
import { decodeRadiograph } from '@xvision/imaging';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserPath } from './browser.js';
import { openPageOfAStack, type PageOfAStack } from './page-of-a-stack.js';
import { shared, type TestStack } from './test-stack.js';
import { xvisionJson } from './xvision.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(shared === undefined || browserPath === undefined)('work on the page', () => {
  let opened: PageOfAStack;
  let stack: TestStack;
  let page: Page;
  let report: RunReport;
  let complaints: string[];

  const open = (address: string) => opened.open(address);

  beforeAll(async () => {
    opened = await openPageOfAStack();
    ({ stack, page, complaints } = opened);
    const given = ['run', '--source', 'openi', '--task', 'nodule', '--head', 'seed-mlp', '--cv', '2'];
    report = runReportSchema.parse(await xvisionJson(given, stack));
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  test('a model taken from the page of its run is byte for byte what the command line writes', async () => {
    await open(`/runs/${report.run}`);
    await page.getByRole('button', { name: 'Make safetensors' }).click();
    const link = page.getByRole('link', { name: /^nodule-.*\.safetensors$/ });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const saved = await readFile(await download.path());

    const out = path.join(stack.folder, 'head.safetensors');
    await xvisionJson(['export', report.model, '--format', 'safetensors', '--out', out], stack);

    expect(download.suggestedFilename()).toBe(`nodule-${report.model}.safetensors`);
    expect(saved.equals(await readFile(out))).toBe(true);
    expect(await page.getByTitle(sha256(saved)).count()).toBe(1);
  });

  test('a card and its checksums, saved from the page, pass the check of the command line', async () => {
    await page.getByRole('button', { name: 'Make Model card' }).click();
    const row = page.getByRole('row', { name: /^Model card/ });
    const card = path.join(stack.folder, 'downloads', `nodule-${report.model}.md`);
    for (const [name, file] of [[/\.md$/, card] as const, ['checksums', `${card}.sha256`] as const]) {
      const [download] = await Promise.all([page.waitForEvent('download'), row.getByRole('link', { name }).click()]);
      await download.saveAs(file);
    }

    expect(await xvisionJson(['check-export', card], stack)).toMatchObject({ files: [card], unaltered: true });
    expect(await readFile(card, 'utf8')).toContain('Research use only; not a medical device');
  });

  test('the audit is asked for on the page of a run, watched, and ends in its verdict with intervals', async () => {
    await open(`/runs/${report.run}`);
    await page.getByRole('button', { name: 'Ask for the shortcut audit' }).click();

    const row = page.getByRole('row', { name: /^borders blanked/ });
    await row.waitFor({ timeout: 300_000 });

    expect(await row.innerText()).toMatch(/0\.\d{3} \[0\.\d{3}, \d\.\d{3}\]/);
    expect(await page.getByRole('row', { name: /^nothing: the model as it is/ }).innerText()).toContain(
      report.metrics.auc.value?.toFixed(3) ?? '?',
    );
    expect(await page.getByRole('button', { name: 'Ask for the shortcut audit' }).count()).toBe(0);
  });

  test('a task is written on the page with live counts, saved, and found by its name on the command line', async () => {
    await open('/tasks');
    await page.getByRole('link', { name: 'New task' }).click();
    await page.getByLabel('Name', { exact: true }).fill('lump');
    const [normal, lump] = [page.getByRole('group', { name: /^1\./ }), page.getByRole('group', { name: /^2\./ })];
    await normal.getByLabel('Recognised by').selectOption('mesh-exactly');
    await normal.getByRole('textbox', { name: /^Terms/ }).fill('normal');
    await lump.getByRole('textbox', { name: 'Class' }).fill('lump');
    await lump.getByLabel('Recognised by').selectOption('mesh-contains');
    expect(await page.getByRole('button', { name: 'Create the task' }).isDisabled()).toBe(true);
    await lump.getByRole('textbox', { name: /^Terms/ }).fill('nodule; mass');
    await page.getByLabel('Folds').fill('2');

    const row = page.getByRole('row', { name: /^lump/ });
    await row.getByRole('img').first().waitFor();
    const [, counted] = (await row.innerText()).split('\t');
    await page.getByRole('button', { name: 'Create the task' }).click();
    await page.waitForURL('**/tasks/lump');

    const trained = runReportSchema.parse(await xvisionJson(['train', '--task', 'lump', '--head', 'logistic'], stack));
    expect(trained.task).toBe('lump');
    expect(trained.metrics.perClass.find(({ label }) => label === 'lump')?.support).toBe(Number(counted));
    expect(await xvisionJson(['tasks'], stack)).toContainEqual(expect.objectContaining({ name: 'lump' }));
  });

  test('classes are moved and renamed with whose labels change, and what somebody saved meanwhile is not lost', async () => {
    await open('/tasks/lump');
    await page.getByRole('button', { name: 'Move lump up' }).click();
    await page
      .getByRole('group', { name: /^1\. lump/ })
      .getByLabel('Class')
      .fill('mass');
    await page.getByRole('row', { name: /^lump\s+mass/ }).waitFor();
    const address = `${stack.stack.record.apiUrl}/api/tasks/lump`;
    const { task } = (await (await fetch(address)).json()) as { task: object };
    const body = JSON.stringify({ ...task, description: 'by another' });
    await fetch(`${address}?after=1`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });

    await page.getByRole('button', { name: 'Save as the next version' }).click();
    await page.getByText('saved version 2 meanwhile').first().waitFor();
    // The browser itself complains of the refusal.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);
    await page.getByRole('button', { name: 'Go on with mine' }).click();
    await page.getByRole('button', { name: 'Save as the next version' }).click();

    await page.getByRole('row', { name: /^3\s+.*Classes/ }).waitFor();
    const after = (await (await fetch(address)).json()) as { task: { classes: { name: string }[] } };
    expect(after.task.classes.map(({ name }) => name)).toEqual(['mass', 'normal']);
  });

  test('a 15-bit DICOM is shown through a window of its own depth, set by field, key and hand', async () => {
    const folder = path.join(shared ?? '', 'data', 'dicom');
    await xvisionJson(['collect', 'folder', path.join(folder, 'files'), '--name', 'dicoms'], stack);
    const [image] = await stack.query<{ id: string }>("SELECT id FROM image WHERE external_id = 'RG1_J2KI.dcm'");
    const oracle = await decodeRadiograph(await readFile(path.join(folder, 'decoded', 'RG1_J2KI.png')));
    await open(`/images/${image?.id ?? ''}`);
    const [level, width] = [page.getByLabel('Level, exactly'), page.getByLabel('Window, exactly')];
    await page.getByRole('button', { name: 'full range' }).click();
    await level.fill('12000');
    await width.fill('100');

    // Less than one step of eight bits apart, and yet from black to white.
    const near = [...oracle.pixels.keys()].filter((at) => Math.abs((oracle.pixels[at] ?? 0) - 12_000) < 50);
    const places = near.slice(0, 500);
    const expected = places.map((at) => 255 - (((oracle.pixels[at] ?? 0) - 12_000) / 100 + 0.5) * 255);
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(200);
    const worst = () =>
      page.evaluate(
        ([at, values]) => {
          const canvas = document.querySelector('canvas');
          const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
          return Math.max(...at.map((one, n) => Math.abs((data[one * 4] ?? 0) - (values[n] ?? 0))));
        },
        [places, expected] as const,
      );
    await expect.poll(worst).toBeLessThan(1);

    await page.getByLabel('Level', { exact: true }).press('ArrowRight');
    expect(await level.inputValue()).toBe('12001');
    const canvas = page.getByRole('img', { name: /^Original of RG1_J2KI/ });
    await canvas.scrollIntoViewIfNeeded();
    const { x, y } = (await canvas.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x + 100, y + 100);
    await page.mouse.down();
    await page.mouse.move(x + 140, y + 100, { steps: 4 });
    await page.mouse.up();
    expect(Number(await width.inputValue())).toBeGreaterThan(100);
  });

  test('nothing was complained about in the browser', () => {
    expect(complaints).toEqual([]);
  });
});
