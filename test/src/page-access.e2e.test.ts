import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserPath, openBrowser } from './browser.js';
import { shared, startTestStack, type TestStack } from './test-stack.js';
import { xvision, xvisionJson } from './xvision.js';

const OPERATOR = randomBytes(24).toString('hex');

describe.skipIf(shared === undefined || browserPath === undefined)('who may see and act', () => {
  let stack: TestStack;
  let browser: Browser;
  let page: Page;

  const operator = () => ({ environment: { ...stack.environment, XVISION_TOKEN: OPERATOR } });

  beforeAll(async () => {
    stack = await startTestStack({
      services: ['relay', 'dashboard'],
      serviceEnvironment: { API_REQUIRE_TOKEN: 'true', API_OPERATOR_TOKEN: OPERATOR },
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
  });

  const signIn = async (token: string) => {
    page = await browser.newPage();
    await page.goto(stack.stack.record.apiUrl);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  test('a wrong token is refused in words, and nothing is shown', async () => {
    await signIn('not-a-token');

    await page.waitForSelector('text=this token is unknown, expired or revoked');
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.close();
  });

  test('a viewer made on the command line sees the flow and no act; signed out he sees nothing', async () => {
    const made = (await xvisionJson(['token', 'create', '--name', 'reader', '--role', 'viewer'], operator())) as {
      token: string;
    };
    await signIn(made.token);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    expect(await page.getByRole('button', { name: 'Start a job' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.close();
  });

  test('an operator may act', async () => {
    await signIn(OPERATOR);

    await page.getByRole('button', { name: 'Start a job' }).waitFor();
    await page.close();
  });

  test('a token that is revoked under an open page leads to the sign-in, and nothing is shown any more', async () => {
    const made = (await xvisionJson(['token', 'create', '--name', 'leaver', '--role', 'viewer'], operator())) as {
      id: string;
      token: string;
    };
    await signIn(made.token);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    await xvisionJson(['token', 'revoke', made.id], operator());
    await page.getByRole('link', { name: 'Runs' }).click();

    await page.getByLabel('Token').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.close();
  });

  test('a revoked token is not taken any more', async () => {
    const made = (await xvisionJson(['token', 'create', '--name', 'guest', '--days', '1'], operator())) as {
      id: string;
      token: string;
    };
    const guest = { environment: { ...stack.environment, XVISION_TOKEN: made.token } };
    expect((await xvision(['runs'], guest)).code).toBe(0);

    await xvisionJson(['token', 'revoke', made.id], operator());

    const { code, stderr } = await xvision(['runs'], guest);
    expect(code).toBe(1);
    expect(stderr).toContain('token');
  });
});
