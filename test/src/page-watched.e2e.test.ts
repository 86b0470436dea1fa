import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserPath } from './browser.js';
import { shared } from './test-stack.js';
import { deadLettersPage } from './watched/dead-letters-page.js';
import { eventsPages } from './watched/events-pages.js';
import { imagePage } from './watched/image-page.js';
import { imagesPage } from './watched/images-page.js';
import { modelsPage } from './watched/models-page.js';
import { overviewPage } from './watched/overview-page.js';
import { runPage } from './watched/run-page.js';
import { runsPage } from './watched/runs-page.js';
import { systemPages } from './watched/system-pages.js';
import { tasksPage } from './watched/tasks-page.js';
import { openWatchedStack, type WatchedStack } from './watched/watched-stack.js';

/** What a page shows is held against what the API and the catalogue say of the same stack. */
describe.skipIf(shared === undefined || browserPath === undefined)('what the pages show and do', () => {
  let watched: WatchedStack;
  const given = () => watched;

  beforeAll(async () => {
    watched = await openWatchedStack();
  });
  afterAll(() => watched?.[Symbol.asyncDispose]());

  describe('images', () => imagesPage(given));
  describe('image', () => imagePage(given));
  describe('run', () => runPage(given));
  describe('models', () => modelsPage(given));
  // From here on more is trained, collected and killed, so these come after whatever counts what there is.
  describe('runs', () => runsPage(given));
  describe('events', () => eventsPages(given));
  describe('tasks', () => tasksPage(given));
  describe('overview', () => overviewPage(given));
  describe('dead letters', () => deadLettersPage(given));
  describe('replay and system', () => systemPages(given));

  test('nothing was complained about in the browser', () => {
    expect(watched.complaints).toEqual([]);
  });
});
