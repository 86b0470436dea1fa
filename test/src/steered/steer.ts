import type { Page } from 'playwright-core';
import type { Amount } from './amount.js';
import { answersFor } from './answers.js';
import { pipelineOf } from './system.js';

export const NOTHING: Amount = {
  items: 0,
  epochs: 0,
  folds: 0,
  classes: 2,
  count: 0,
  words: (what) => what,
  report: '',
};

/** Every free text tries to be a part of the page. */
export const planted = (what: string) =>
  `${what} <img src="x" onerror="window.planted = 1"><b data-planted>${what}</b>`;
export const SOME: Amount = {
  items: 2,
  epochs: 3,
  folds: 2,
  classes: 2,
  count: 12,
  words: planted,
  report: planted('a report'),
};

const endless = (what: string) => `${what} ${'x'.repeat(300)} many words`;
export const MANY: Amount = {
  items: 2000,
  epochs: 500,
  folds: 100,
  classes: 20,
  count: 9_007_199_254_740_991,
  words: endless,
  report: 'endless words '.repeat(7200),
};

/** The API gives this much, says no to everything but who is there, only to the parts of a thing, or does not answer. */
export type Mode = Amount | 'refusing' | 'refusing parts' | 'silent';

/** What belongs to one thing: its curves, its events, its trust card. */
const PART = /^\/api\/[^/]+\/[^/]+\/./;

/** What a refused question is answered with. */
export const REFUSAL = 'this was asked at a bad time';

/**
 * From here on the API answers a page as told; the page itself comes from the real server. Resolves to the addresses that
 * nothing was known of, which grow as the page asks.
 */
export async function steer(page: Page, to: Mode): Promise<readonly string[]> {
  const unanswered: string[] = [];
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
    return route.fulfill(found === undefined ? { status: 404 } : { json: atMost(found[1], searchParams.get('limit')) });
  });
  await page.addInitScript(listensTo, to === 'refusing' || to === 'silent' ? to : JSON.stringify(pipelineOf(amount)));
  return unanswered;
}

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
