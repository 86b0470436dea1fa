import { startSimulator } from '@xvision/openi';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.js';
import { startTestStack, type TestStack } from './test-stack.js';

export interface PageOfAStack extends AsyncDisposable {
  readonly stack: TestStack;
  readonly browser: Browser;
  readonly page: Page;
  /** What the browser wrote as an error since the page was opened. */
  readonly complaints: string[];
  /** Goes to an address of the stack and waits for its heading. */
  readonly open: (address: string) => Promise<void>;
}

/** A whole stack that collects from its own simulator of Open-i, and a page to look at it; all gone when closed. */
export async function openPageOfAStack({ patients = 30 } = {}): Promise<PageOfAStack> {
  const closers: (() => PromiseLike<unknown>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0)) await one();
  };
  try {
    const simulator = await startSimulator({ patients, seed: 7, imageSize: 256 });
    closers.unshift(() => simulator[Symbol.asyncDispose]());
    const stack = await startTestStack({ serviceEnvironment: { OPENI_URL: simulator.url } });
    closers.unshift(() => stack[Symbol.asyncDispose]());
    const browser = await openBrowser();
    closers.unshift(() => browser.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const open = async (address: string) => {
      await page.goto(`${stack.stack.record.apiUrl}${address}`);
      await page.waitForSelector('h1');
    };
    return { stack, browser, page, complaints, open, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
