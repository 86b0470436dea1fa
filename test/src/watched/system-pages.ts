import type { Pipeline, ReplayCapability, ServiceInstance, Storage, System } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { cellsOf, factsOf } from './reading.js';
import type { WatchedStack } from './watched-stack.js';

/** Replay as far as the server offers it, and what runs here. */
export function systemPages(given: () => WatchedStack): void {
  test('the page of replays shows what the API says that it can do, why not, and offers no act beyond it', async () => {
    const { page, open, ask } = given();
    const capability = await ask<ReplayCapability>('/api/replays/capability');
    await open('/replay');

    await page.getByText(capability.reason ?? 'there is no reason').waitFor();
    const modes = page.getByRole('group', { name: 'Mode' }).locator('label');
    expect(await modes.allInnerTexts()).toEqual(
      capability.modes.map(({ mode, description }) => `${mode}: ${description}`),
    );
    expect((await factsOf(page.locator('dl')))['Events kept']).toMatch(
      new RegExp(`^${new Intl.NumberFormat('en').format(capability.events.count)}, since `),
    );
    for (const control of await page.locator('main form').locator('input, button').all())
      expect(await control.isEnabled()).toBe(capability.available);
    await page.getByText('There is none, since this server starts none.').waitFor();
  });

  test('every service is there with how it is, its engine and why that was chosen, and its process', async () => {
    const { page, open, ask } = given();
    const { items } = await ask<{ items: ServiceInstance[] }>('/api/system/services');
    await open('/system');

    const table = page.locator('section[aria-labelledby=services] table');
    await expect
      .poll(async () => (await cellsOf(table)).map((cells) => cells.slice(0, 6)))
      .toEqual(
        items.map((one) => [
          one.name,
          one.standing,
          one.health,
          one.version,
          one.engine === null ? '' : `${one.engine} (${one.engineReason})`,
          `${one.host}, ${one.pid}`,
        ]),
      );
    expect(items.find(({ name }) => name === 'extractor')?.engineReason).toEqual(expect.any(String));
    expect(new Set(items.map(({ name }) => name)).size).toBe(7);
  });

  test('versions, consumers with their lag, storage, and what features were computed with are as the API has them', async () => {
    const { page, ask } = given();
    const system = await ask<System>('/api/system');
    const versions = page.locator('section[aria-labelledby=versions] dl');
    expect(await factsOf(versions)).toMatchObject({
      Xvision: `${system.version} on Node ${system.node}`,
      PostgreSQL: system.postgres,
      NATS: system.nats,
    });
    const { consumers } = await ask<Pipeline>('/api/pipeline');
    await expect
      .poll(() => cellsOf(page.locator('section[aria-labelledby=consumers] table')))
      .toEqual(
        consumers?.map((one) => [
          one.consumer,
          one.stream,
          ...[one.pending, one.ackPending, one.redelivered].map(String),
        ]),
      );
    const engines = await cellsOf(page.locator('section[aria-labelledby=engines] table'));
    expect(engines.map((cells) => cells.slice(0, 3))).toEqual(
      system.engines.map((one) => [one.engine, one.weights.slice(0, 12), String(one.features)]),
    );
    await expect
      .poll(async () => {
        const { database } = await ask<Storage>('/api/system/storage');
        await page.reload();
        const shown = await factsOf(page.locator('section[aria-labelledby=storage] dl'));
        return shown['Database'] === `${(database.bytes / 1e6).toFixed(1)} MB`;
      })
      .toBe(true);
  });

  test('a service that is killed falls silent in the history, and its next start stands above it', async () => {
    const { page, ask, stack } = given();
    const services = async () =>
      (await ask<{ items: ServiceInstance[] }>('/api/system/services')).items.filter(({ name }) => name === 'scraper');
    const [before] = await services();
    stack.stack.service('scraper').kill('SIGKILL');
    await expect.poll(async () => (await services()).length, { timeout: 60_000 }).toBe(2);

    const rows = page.locator('section[aria-labelledby=services] tbody tr').filter({ hasText: 'scraper' });
    await expect
      .poll(
        async () =>
          (await cellsOf(page.locator('section[aria-labelledby=services] table')))
            .filter(([name]) => name === 'scraper')
            .map((cells) => cells[1]),
        { timeout: 60_000 },
      )
      .toEqual(['alive', 'silent: ended without a word']);
    expect(await rows.last().innerText()).toContain(String(before?.pid));
  });
}
