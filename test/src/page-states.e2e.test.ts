import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '@xvision/testing';
import { source } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserPath, openBrowser } from './browser.js';
import { PAGES } from './pages.js';
import { type Amount, ANOTHER_ID, THE_ID } from './steered/amount.js';
import { answersFor } from './steered/answers.js';
import { pipelineOf } from './steered/system.js';
import { shared, startTestStack, type TestStack } from './test-stack.js';

const NOTHING: Amount = {
  items: 0,
  epochs: 0,
  folds: 0,
  classes: 2,
  count: 0,
  words: (what) => what,
  report: '',
};

/** Every free text tries to be a part of the page. */
const planted = (what: string) => `${what} <img src="x" onerror="window.planted = 1"><b data-planted>${what}</b>`;
const SOME: Amount = {
  items: 2,
  epochs: 3,
  folds: 2,
  classes: 2,
  count: 12,
  words: planted,
  report: planted('a report'),
};

const endless = (what: string) => `${what} ${'x'.repeat(300)} many words`;
const MANY: Amount = {
  items: 2000,
  epochs: 500,
  folds: 100,
  classes: 20,
  count: 9_007_199_254_740_991,
  words: endless,
  report: 'endless words '.repeat(7200),
};

/** The API gives this much, says no to everything but who is there, only to the parts of a thing, or does not answer. */
type Mode = Amount | 'refusing' | 'refusing parts' | 'silent';

/** What belongs to one thing: its curves, its events, its trust card. */
const PART = /^\/api\/[^/]+\/[^/]+\/./;

/** Pages that show the same however much there is. */
const WITHOUT_EMPTY = new Set(['event', 'new-task']);

/** Pages that ask the API nothing before something is done on them. */
const ASKING_NOTHING = new Set(['new-task', 'nowhere']);

const PATIENCE_MS = 20_000;
const REFUSAL = 'this was asked at a bad time';

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

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
  let unanswered: string[];

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
    expect(unanswered).toEqual([]);
  });

  /** From here on the API answers as told; the page itself comes from the real server. */
  const steer = async (to: Mode) => {
    mode = to;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const amount = typeof to === 'string' ? SOME : to;
    const answers = answersFor(amount);
    await page.route(/\/api\/|\/openapi\.json/, async (route) => {
      const { pathname, searchParams } = new URL(route.request().url());
      if (pathname === '/api/session')
        return route.fulfill({ json: { authentication: 'none', name: null, role: 'operator' } });
      if (to === 'silent') return undefined;
      if (to === 'refusing' || (to === 'refusing parts' && PART.test(pathname))) {
        const json = { type: 'about:blank', title: 'Refused', status: 404, detail: REFUSAL };
        return route.fulfill({ status: 404, contentType: 'application/problem+json', json });
      }
      if (pathname === '/openapi.json')
        return amount.items === 0 ? route.fulfill({ json: { paths: {} } }) : route.continue();
      if (pathname.endsWith('/grey-values')) return route.fulfill(greyOf());
      if (/\/(original|prepared|thumbnail|explanation)$/.test(pathname)) {
        return route.fulfill({
          contentType: 'image/svg+xml',
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        });
      }
      const found = answers.find(([at]) => at.test(pathname));
      if (found === undefined) unanswered.push(pathname);
      return route.fulfill(
        found === undefined ? { status: 404 } : { json: atMost(found[1], searchParams.get('limit')) },
      );
    });
    await page.addInitScript(listensTo, to === 'refusing' || to === 'silent' ? to : JSON.stringify(pipelineOf(amount)));
  };

  const open = async (address: string) => {
    await page.goto(stack.stack.record.apiUrl + address);
    await page.waitForSelector('h1');
    if (mode !== 'silent') await page.waitForFunction(() => document.querySelector('output.loading') === null);
  };

  const rulesBroken = async (address: string) => {
    await page.addScriptTag({ content: source });
    const broken: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
      broken.push(...violations.map(({ id, nodes }) => `${address} ${colorScheme} ${id}: ${nodes[0]?.html ?? ''}`));
    }
    return broken;
  };

  test('says what it waits for under its own heading while the server is silent', async () => {
    await steer('silent');
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
    await steer(NOTHING);
    const faults: string[] = [];
    for (const [name, place] of PLACES) {
      // A comparison is empty where no run is named.
      const address = name === 'compare' ? '/runs/compare' : place;
      await open(address);
      if (!WITHOUT_EMPTY.has(name) && (await page.locator('.empty').count()) === 0)
        faults.push(`${address} says nothing`);
      faults.push(...(await rulesBroken(address)));
    }

    expect(faults).toEqual([]);
  });

  test('tells of a failure in words, breaks no rule with it, and goes on with "Try again"', async () => {
    const faults: string[] = [];
    for (const [name, address] of PLACES) {
      if (ASKING_NOTHING.has(name)) continue;
      await steer('refusing');
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
      faults.push(...(await rulesBroken(address)));
      await steer(SOME);
      const again = page.getByRole('button', { name: 'Try again' });
      await askAgainUntilNone(again);
      if ((await alerts.count()) > 0) faults.push(`${address} keeps its failure`);
    }

    expect(faults).toEqual([]);
  });

  /** A part may fail only now that was asked for before: whatever says "Try again" is pressed, until nothing does. */
  async function askAgainUntilNone(again: Locator): Promise<void> {
    const press = async () => {
      const left = await again.count();
      // Gone by itself meanwhile is as good as pressed.
      if (left > 0)
        await again
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return left;
    };
    await expect.poll(press, { timeout: 3 * PATIENCE_MS }).toBe(0);
  }

  test('a part that failed says what it is, and comes with its own "Try again"', async () => {
    const faults: string[] = [];
    let parts = 0;
    for (const [, address] of PLACES) {
      await steer('refusing parts');
      await open(address);
      const alerts = page.getByRole('alert');
      const again = page.getByRole('button', { name: 'Try again' });
      const failed = await alerts.count();
      parts += failed;
      if ((await again.count()) < failed) faults.push(`${address}: ${(await alerts.allInnerTexts()).join('; ')}`);
      await steer(SOME);
      await askAgainUntilNone(again);
      if ((await alerts.count()) > 0) faults.push(`${address} keeps its failure`);
    }

    expect(faults).toEqual([]);
    expect(parts).toBeGreaterThan(8);
  });

  test('who is not known is asked for a token first, told why it is refused, and comes to the page that was asked for', async () => {
    await steer(SOME);
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
    expect(await rulesBroken('the sign-in page')).toEqual([]);
    await page.getByLabel('Token').fill('right');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(await page.locator('[data-planted]').count()).toBe(0);
  });

  test('shows script in names, reports and messages as text, and a table behind every chart', async () => {
    await steer(SOME);
    const faults: string[] = [];
    let charts = 0;
    for (const [, address] of PLACES) {
      await open(address);
      // Charts are fetched when the first one is shown; the list draws those of the runs that train.
      if (address.startsWith('/runs')) {
        await page.locator('.recharts-surface').first().waitFor({ timeout: PATIENCE_MS });
        await page.waitForFunction(() => document.querySelector('output.loading') === null);
      }
      faults.push(...(await rulesBroken(address)));
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

  test('is reached by the keyboard alone, with the focus always seen', async () => {
    await steer(SOME);
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
    await steer(MANY);
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

/** A list is no longer than it was asked for. */
function atMost(answer: unknown, limit: string | null): unknown {
  if (limit === null || typeof answer !== 'object' || answer === null || !('items' in answer)) return answer;
  return Array.isArray(answer.items) ? { ...answer, items: answer.items.slice(0, Number(limit)) } : answer;
}

/** A picture of four grey values. */
function greyOf() {
  const window = { centre: 128, width: 256, shape: 'LINEAR' };
  const about = {
    width: 2,
    height: 2,
    samples: 1,
    bits: 8,
    signed: false,
    bitsStored: 8,
    slope: 1,
    intercept: 0,
    inverted: false,
  };
  const header = JSON.stringify({ ...about, least: 0, most: 255, windows: [], full: window, first: window });
  return {
    contentType: 'application/octet-stream',
    headers: { 'X-Xvision-Grey': header },
    body: Buffer.from([0, 90, 180, 255]),
  };
}

/** In the browser: a live stream that tells one state, is refused, or is silent. */
function listensTo(told: string): void {
  class Steered extends EventTarget {
    static readonly CLOSED = 2;
    readonly readyState = told === 'refusing' ? 2 : 1;

    constructor(address: string | URL) {
      super();
      setTimeout(() => {
        if (told === 'silent') return;
        this.dispatchEvent(new Event(told === 'refusing' ? 'error' : 'open'));
        if (told === 'refusing' || !String(address).includes('/pipeline/')) return;
        this.dispatchEvent(new MessageEvent('message', { data: told }));
      });
    }

    close(): void {}
  }
  Object.assign(window, { EventSource: Steered });
}

/** In the browser: marks what the Tab key has to reach, and says how much it is. */
function markStops(): number {
  const every = document.querySelectorAll<HTMLElement | SVGElement>(
    'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]',
  );
  const stops = [...every].filter((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
  for (const stop of stops) stop.setAttribute('data-stop', 'waiting');
  return stops.length;
}

/** In the browser: notes what has the focus; what it is if nobody can see that. */
function noteFocus(): string | null {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return null;
  focused.setAttribute('data-stop', 'reached');
  const shown = [focused, focused.closest('[data-focus-visible]')].some((one) => {
    if (one === null) return false;
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  });
  return shown ? null : focused.outerHTML.slice(0, 120);
}

function missedStops(): string[] {
  return [...document.querySelectorAll('[data-stop=waiting]')].map((one) => one.outerHTML.slice(0, 120));
}
