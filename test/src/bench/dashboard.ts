import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openBrowser } from '../browser.js';
import { askedRoutes, p95Of } from './api-latency.js';
import { type BenchStack, startBenchStack } from './bench-stack.js';
import { slowestOnScreen } from './event-to-screen.js';
import type { Bench, BenchContext, Measure } from './measure.js';
import { residentMegabytes } from './resident-memory.js';
import { spreadOf } from './rounds.js';
import { FULL, QUICK, seedCatalogue } from './seed-catalogue.js';
import { watchAsViewers } from './viewers.js';

const REQUESTS = 200;
const REQUESTS_QUICK = 30;
const VIEWERS = 200;
const SCROLL_STEPS = 120;

export const dashboard: Bench = {
  name: 'dashboard',
  about: 'the API and the page over a full catalogue (100,000 images, 50 runs, 1,000,000 events)',
  async run(context) {
    // The relay makes the schema.
    await using stack = await startBenchStack(context, ['relay', 'dashboard']);
    const sizes = context.quick ? QUICK : FULL;
    await seedCatalogue({ catalogue: stack.catalogue, blobs: stack.stores.blobs }, sizes);
    context.log(`seeded ${sizes.images} images, ${sizes.runs} runs, ${sizes.events} events`);
    return [
      ...(await latencies(context, stack, sizes.images)),
      ...(await pageMeasures(context, stack)),
      await viewerMemory(context, stack),
    ];
  },
};

/** One figure an address, and the worst of them first. */
async function latencies(context: BenchContext, stack: BenchStack, images: number): Promise<Measure[]> {
  const { apiUrl } = stack.stack.record;
  const requests = context.quick ? REQUESTS_QUICK : REQUESTS;
  const measures: Measure[] = [];
  for (const { route, body } of askedRoutes(images)) {
    await p95Of(apiUrl + route, requests / 5, body);
    const rounds: number[] = [];
    for (let round = 0; round < context.rounds; round += 1) rounds.push(await p95Of(apiUrl + route, requests, body));
    const spread = spreadOf(rounds);
    context.log(`${spread.median.toFixed(1)} ms  ${route}`);
    measures.push({
      what: `p95 ${body === undefined ? 'GET' : 'POST'} ${route}`,
      unit: 'ms',
      spread,
      rounds,
      target: { atMost: 50 },
    });
  }
  return measures.toSorted((one, other) => other.spread.median - one.spread.median);
}

async function pageMeasures(context: BenchContext, stack: BenchStack): Promise<Measure[]> {
  const { apiUrl } = stack.stack.record;
  const usable: number[] = [];
  const kilobytes: number[] = [];
  const longTasks: number[] = [];
  const onScreen: number[] = [];
  const browser = await openBrowser();
  try {
    for (let round = 0; round < context.rounds; round += 1) {
      const visit = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await visit.newPage();
      // First, while nothing is in the browser's cache.
      usable.push(await firstPageSeconds(page, apiUrl));
      kilobytes.push(await firstPageKilobytes(page, apiUrl));
      longTasks.push(await longestScrollTask(page, apiUrl));
      onScreen.push(await slowestOnScreen(page, { apiUrl, catalogue: stack.catalogue }));
      await visit.close();
    }
  } finally {
    await browser.close();
  }
  const measure = (what: string, unit: Measure['unit'], rounds: number[], atMost: number): Measure => ({
    what,
    unit,
    spread: spreadOf(rounds),
    rounds,
    target: { atMost },
  });
  return [
    measure('first page usable', 's', usable, 1.5),
    measure('JavaScript of the first page, gzipped', 'kB', kilobytes, 350),
    measure('longest task while the gallery scrolls', 'ms', longTasks, 50),
    measure('from the commit of an event to the overview, slowest of 20', 's', onScreen, 1),
  ];
}

async function firstPageKilobytes(page: Page, apiUrl: string): Promise<number> {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response.body());
  });
  await page.goto(apiUrl);
  await page.waitForSelector('h1');
  const bodies = await Promise.all(scripts);
  page.removeAllListeners('response');
  return bodies.reduce((sum, body) => sum + gzipSync(body).byteLength, 0) / 1000;
}

/** Until the overview's heading stands and its live counts have come. */
async function firstPageSeconds(page: Page, apiUrl: string): Promise<number> {
  const started = performance.now();
  await page.goto(apiUrl);
  await page.waitForFunction(() => document.querySelector('h1') !== null && /\d,\d{3}/.test(document.body.innerText));
  return (performance.now() - started) / 1000;
}

/** The longest task over 50 ms that the browser tells of; 0 where there is none. */
async function longestScrollTask(page: Page, apiUrl: string): Promise<number> {
  await page.goto(`${apiUrl}/images`);
  await page.waitForSelector('.tile img');
  return await page.evaluate(async (steps) => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    });
    observer.observe({ type: 'longtask' });
    const frame = document.querySelector('.gallery-frame');
    const top = () => frame?.scrollTop ?? 0;
    const giveUpAt = performance.now() + 60_000;
    // At the end of what is there one waits for the next page, as a person does.
    for (let step = 0; step < steps && performance.now() < giveUpAt; ) {
      const before = top();
      frame?.scrollBy(0, 400);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (top() > before) step += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (top() < steps * 100) throw new Error(`the gallery scrolled ${top()} pixels only`);
    return longest;
  }, SCROLL_STEPS);
}

/** How much the API's process grows while 200 follow the pipeline. */
async function viewerMemory(context: BenchContext, stack: BenchStack): Promise<Measure> {
  const pids = new Map([['dashboard', stack.stack.service('dashboard').pid]]);
  const megabytes = async () => (await residentMegabytes(pids)).get('dashboard') ?? 0;
  const grown: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    const before = await megabytes();
    await using viewers = await watchAsViewers(`${stack.stack.record.apiUrl}/api/pipeline/stream`, VIEWERS);
    await viewers.everyoneHasSeen(1);
    const after = await megabytes();
    resident.push(after);
    grown.push(after - before);
  }
  return {
    what: `memory for ${VIEWERS} live viewers`,
    unit: 'MB',
    spread: spreadOf(grown),
    rounds: grown,
    target: { atMost: 150 },
    note: `growth of the resident memory of the API's process; all of it was ${Math.round(spreadOf(resident).median)} MB then`,
  };
}
