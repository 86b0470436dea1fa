import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '@xvision/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rulesBroken } from './accessibility.js';
import { browserPath, openBrowser } from './browser.js';
import { markStops, missedStops, noteFocus } from './keyboard-stops.js';
import { PAGES } from './pages.js';
import { ANOTHER_ID, THE_ID } from './steered/amount.js';
import { MANY, type Mode, NOTHING, planted, REFUSAL, SOME, steer } from './steered/steer.js';
import { shared, startTestStack, type TestStack } from './test-stack.js';

/** Pages that show the same however much there is. */
const WITHOUT_EMPTY = new Set(['event', 'new-task']);

/** Pages that ask the API nothing before something is done on them. */
const ASKING_NOTHING = new Set(['new-task', 'nowhere']);

const PATIENCE_MS = 20_000;

const PLACES = Object.entries({ ...PAGES, nowhere: '/no-such-page' }).map(
  ([name, address]) =>
    [name, address.replaceAll(/:(\w+)/g, (_all, what) => (what === 'other' ? ANOTHER_ID : THE_ID))] as const,
);

test('every page that the route table names is looked at here and in the other tests of pages', async () => {
  const table = await readFile(path.join(projectRoot(), 'apps', 'dashboard', 'web', 'navigation.ts'), 'utf8');

  const named = [...table.matchAll(/import\('\.\/pages\/([\w-]+)\.js'\)/g)].map(([, page]) => page);

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((page) => page === undefined || !(page in PAGES))).toEqual([]);
});

describe.skipIf(shared === undefined || browserPath === undefined)('every page', () => {
  let stack: TestStack;
  let browser: Browser;
  let page: Page;
  let mode: Mode;
  let complaints: string[];
  let unanswered: (readonly string[])[];

  beforeAll(async () => {
    stack = await startTestStack({ services: ['relay', 'dashboard'] });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    complaints = [];
    unanswered = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 860 }, bypassCSP: true });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // What the browser itself writes of a refused request is not the page's fault.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
  });
  afterEach(async () => {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.close();
    expect(complaints).toEqual([]);
    expect(unanswered.flat()).toEqual([]);
  });

  const answerWith = async (to: Mode) => {
    mode = to;
    unanswered.push(await steer(page, to));
  };

  const open = async (address: string) => {
    await page.goto(stack.stack.record.apiUrl + address);
    await page.waitForSelector('h1');
    if (mode !== 'silent') await page.waitForFunction(() => document.querySelector('output.loading') === null);
  };

  /** Presses whatever says "Try again" until no failure is left; tells of one that stays. */
  const keptFailures = async (address: string): Promise<string[]> => {
    const again = page.getByRole('button', { name: 'Try again' });
    const left = async () => {
      const buttons = await again.count();
      // Gone by itself meanwhile is as good as pressed.
      if (buttons > 0)
        await again
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return buttons + (await page.getByRole('alert').filter({ hasText: REFUSAL }).count());
    };
    return await expect
      .poll(left, { timeout: PATIENCE_MS })
      .toBe(0)
      .then(
        () => [],
        () => [`${address} keeps its failure`],
      );
  };

  const rulesBrokenIn = async (address: string) => {
    const broken: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      broken.push(...(await rulesBroken(page, `${address} ${colorScheme}`)));
    }
    return broken;
  };

  test('says what it waits for under its own heading while the server is silent', async () => {
    await answerWith('silent');
    const without: string[] = [];
    for (const [name, address] of PLACES) {
      if (ASKING_NOTHING.has(name)) continue;
      await open(address);
      const waits = await page
        .locator('output.loading')
        .first()
        .waitFor({ timeout: PATIENCE_MS })
        .then(
          () => true,
          () => false,
        );
      if (!waits) without.push(address);
    }

    expect(without).toEqual([]);
  });

  test('says what there is not, and breaks no accessibility rule, where nothing is there', async () => {
    await answerWith(NOTHING);
    const faults: string[] = [];
    for (const [name, place] of PLACES) {
      // A comparison is empty where no run is named.
      const address = name === 'compare' ? '/runs/compare' : place;
      await open(address);
      if (!WITHOUT_EMPTY.has(name) && (await page.locator('.empty').count()) === 0)
        faults.push(`${address} says nothing`);
      faults.push(...(await rulesBrokenIn(address)));
    }

    expect(faults).toEqual([]);
  });

  test('tells of a failure in words, breaks no rule with it, and goes on with "Try again"', async () => {
    const faults: string[] = [];
    for (const [name, address] of PLACES) {
      if (ASKING_NOTHING.has(name)) continue;
      await answerWith('refusing');
      await open(address);
      const alerts = page.getByRole('alert').filter({ hasText: REFUSAL });
      const told = await alerts
        .first()
        .waitFor({ timeout: PATIENCE_MS })
        .then(
          () => true,
          () => false,
        );
      if (!told) faults.push(`${address} says nothing of a failure`);
      faults.push(...(await rulesBrokenIn(address)));
      await answerWith(SOME);
      faults.push(...(await keptFailures(address)));
    }

    expect(faults).toEqual([]);
  });

  test('a part that failed says what it is, and comes with its own "Try again"', async () => {
    const faults: string[] = [];
    let parts = 0;
    for (const [, address] of PLACES) {
      await answerWith('refusing parts');
      await open(address);
      // A part of a part is asked for when the first is drawn.
      await page.waitForLoadState('networkidle');
      const alerts = page.getByRole('alert');
      const again = page.getByRole('button', { name: 'Try again' });
      const failed = await alerts.count();
      parts += failed;
      if ((await again.count()) < failed) faults.push(`${address}: ${(await alerts.allInnerTexts()).join('; ')}`);
      await answerWith(SOME);
      faults.push(...(await keptFailures(address)));
    }

    expect(faults).toEqual([]);
    expect(parts).toBeGreaterThan(8);
  });

  test('who is not known is asked for a token first, told why it is refused, and comes to the page that was asked for', async () => {
    await answerWith(SOME);
    let known = false;
    const session = (role: string | null) => ({ json: { authentication: 'token', name: role && planted('me'), role } });
    await page.route('**/api/session', async (route) => {
      if (route.request().method() === 'GET') return route.fulfill(session(known ? 'viewer' : null));
      known = (route.request().postDataJSON() as { token: string }).token === 'right';
      if (known) return route.fulfill(session('viewer'));
      const json = { type: 'about:blank', title: 'No', status: 401, detail: planted('unknown, expired or revoked') };
      return route.fulfill({ status: 401, contentType: 'application/problem+json', json });
    });

    await open('/runs');
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.setViewportSize({ width: 390, height: 860 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: '<b data-planted>unknown, expired or revoked</b>' }).waitFor();
    expect(await rulesBrokenIn('the sign-in page')).toEqual([]);
    await page.getByLabel('Token').fill('right');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await page.locator('[data-planted]').count()).toBe(0);
  });

  test('shows script in names, reports and messages as text, and a table behind every chart', async () => {
    await answerWith(SOME);
    const faults: string[] = [];
    let charts = 0;
    for (const [, address] of PLACES) {
      await open(address);
      // Charts are fetched when the first one is shown; the list draws those of the runs that train.
      if (address.startsWith('/runs')) {
        await page.locator('.recharts-surface').first().waitFor({ timeout: PATIENCE_MS });
        await page.waitForFunction(() => document.querySelector('output.loading') === null);
      }
      faults.push(...(await rulesBrokenIn(address)));
      const found = await page.evaluate(() => ({
        planted: document.querySelectorAll('[data-planted]').length + Number('planted' in window),
        charts: document.querySelectorAll('.recharts-wrapper').length,
        bare: [...document.querySelectorAll('.recharts-wrapper')].filter((chart) => {
          const figure = chart.closest('figure[aria-label]');
          return (
            (figure?.getAttribute('aria-label') ?? '') === '' ||
            figure?.nextElementSibling?.querySelector('table tbody tr') == null
          );
        }).length,
      }));
      charts += found.charts;
      if (found.planted > 0) faults.push(`${address} takes text for markup`);
      if (found.bare > 0) faults.push(`${address} has ${found.bare} charts without label or table`);
    }

    expect(faults).toEqual([]);
    expect(charts).toBeGreaterThan(6);
  });

  test('a prediction that is not there yet is looked at again, whether or not the pipeline tells of anything', async () => {
    await answerWith(SOME);
    const job = { id: ANOTHER_ID, modelId: THE_ID, collectionId: THE_ID, anyway: false, message: null };
    const scored = { file: 'dropped.dcm', abstained: 'another view', reason: 'view' };
    let asked = 0;
    await page.route(`**/api/predictions/${ANOTHER_ID}`, (route) => {
      asked += 1;
      const answer = asked < 3 ? { state: 'requested', predictions: [] } : { state: 'done', predictions: [scored] };
      return route.fulfill({ json: { ...job, ...answer, notice: 'Research use only; not a medical device' } });
    });

    await open(`/models/${THE_ID}?prediction=${ANOTHER_ID}`);

    await page.getByRole('row', { name: /dropped\.dcm/ }).waitFor({ timeout: PATIENCE_MS });
  });

  test('is reached by the keyboard alone, with the focus always seen', async () => {
    await answerWith(SOME);
    const faults: string[] = [];
    for (const [, address] of PLACES) {
      await open(address);
      const stops = await page.evaluate(markStops);
      for (let step = 0; step < stops + 5; step += 1) {
        await page.keyboard.press('Tab');
        const unseen = await page.evaluate(noteFocus);
        if (unseen !== null) faults.push(`${address} shows no focus on ${unseen}`);
      }
      faults.push(...(await page.evaluate(missedStops)).map((missed) => `${address} never reaches ${missed}`));
    }

    expect(faults).toEqual([]);
  });

  test('stays as wide as the screen with names without an end, huge numbers and thousands of rows', async () => {
    await answerWith(MANY);
    const faults: string[] = [];
    for (const [, address] of PLACES) {
      await page.setViewportSize({ width: 1280, height: 860 });
      await open(address);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 860 });
        // Charts follow a changed screen in their own time.
        await page
          .waitForFunction((most) => document.documentElement.scrollWidth <= most, width, { timeout: PATIENCE_MS })
          .catch(() => undefined);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) faults.push(`${address} is ${wide} wide on ${width}`);
      }
    }

    expect(faults).toEqual([]);
  });
});
