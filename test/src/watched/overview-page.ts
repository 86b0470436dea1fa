import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Pipeline, ServiceInstance } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { shared } from '../test-stack.js';
import { xvisionJson } from '../xvision.js';
import type { WatchedStack } from './watched-stack.js';

const WORKER = {
  collect: 'scraper',
  prepare: 'preprocessor',
  extract: 'extractor',
  train: 'trainer',
  evaluate: 'evaluator',
} as const;

const FAILED = {
  collect: 'collections failed',
  prepare: 'rejected',
  extract: 'failed',
  train: 'failed',
  evaluate: 'failed',
};

/** Not collected yet by anything else. */
const LATE = ['JPCLN100.png', 'JPCLN101.png', 'JPCLN102.png'];

/** The flow, as it stands and as it moves. */
export function overviewPage(given: () => WatchedStack): void {
  const boxes = () =>
    given()
      .page.locator('.stages > li')
      .evaluateAll((stages) =>
        stages.map((stage) => [
          stage.getAttribute('data-stage'),
          ...['.done', '.waiting', '.failed', '.workers'].map(
            (part) => stage.querySelector<HTMLElement>(part)?.innerText.replaceAll(/\s+/g, ' ').trim() ?? '',
          ),
        ]),
      );
  const prepare = () => given().page.locator('[data-stage=prepare]');

  test('each stage shows what came out of it, what waits, what failed and who works on it, as the API has it', async () => {
    const { page, open, ask } = given();
    const { stages, consumers, deadLettersOpen } = await ask<Pipeline>('/api/pipeline');
    const { items } = await ask<{ items: ServiceInstance[] }>('/api/system/services?limit=100');
    const alive = (name: string) => items.filter((one) => one.name === name && one.standing === 'alive').length;
    await open('/');

    await expect
      .poll(boxes)
      .toEqual(
        stages.map(({ stage, done, failed }) => [
          stage,
          `${done} ${stage === 'train' || stage === 'evaluate' ? 'run' : 'image'}s`,
          'nothing waits',
          failed === 0 ? '' : `${failed} ${FAILED[stage]}`,
          `${alive(WORKER[stage])} ${WORKER[stage]} at work`,
        ]),
      );
    const lag = page.locator('section[aria-labelledby=consumers]');
    expect(await lag.locator('tbody tr').count()).toBe(consumers?.length);
    expect(await lag.locator('dd').last().innerText()).toBe(String(deadLettersOpen));
  });

  test('while a service stands still, what waits for it is told with its age; when it goes on, so does the picture', async () => {
    const { ask, stack } = given();
    const done = () => prepare().locator('.done strong').innerText();
    const folder = path.join(stack.folder, 'late');
    await mkdir(folder);
    for (const file of LATE)
      await cp(path.join(shared ?? '', 'data', 'jsrt128', 'images', file), path.join(folder, file));
    const before = (await ask<Pipeline>('/api/pipeline')).stages.find(({ stage }) => stage === 'prepare')?.done ?? 0;
    const still = stack.stack.service('preprocessor');
    still.kill('SIGSTOP');
    try {
      await xvisionJson(['collect', 'folder', folder, '--name', 'late', '--no-wait'], stack);
      await expect
        .poll(() => prepare().locator('.waiting').innerText(), { timeout: 30_000 })
        .toMatch(new RegExp(`^${LATE.length} waiting, oldest \\d+ s$`));
      expect(await done()).toBe(String(before));
    } finally {
      still.kill('SIGCONT');
    }

    await expect.poll(done, { timeout: 60_000 }).toBe(String(before + LATE.length));
    await expect.poll(() => prepare().locator('.waiting').innerText()).toBe('nothing waits');
    await expect.poll(() => prepare().locator('.rate').innerText()).toMatch(/^\d+ a minute$/);
  });
}
