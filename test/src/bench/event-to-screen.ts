import { type Catalogue, recordCollected } from '@xvision/catalogue';
import { sha256Of } from '@xvision/testing';
import type { Page } from 'playwright-core';
import { FIRST_COLLECTION } from './seed-catalogue.js';

const CHANGES = 20;

/**
 * Seconds from the commit of an image, its event in the same transaction, until an open overview counts it; the slowest of
 * some. Every image is counted anew for it.
 */
export async function slowestOnScreen(
  page: Page,
  { apiUrl, catalogue }: { readonly apiUrl: string; readonly catalogue: Catalogue },
): Promise<number> {
  const shown = () => document.querySelector('[data-stage=collect] .done')?.textContent ?? '';
  await page.goto(apiUrl);
  await page.waitForFunction(() => /\d/.test(document.querySelector('[data-stage=collect] .done')?.textContent ?? ''));
  let slowest = 0;
  for (let change = 0; change < CHANGES; change += 1) {
    const before = await page.evaluate(shown);
    await collectOne(catalogue);
    const committed = performance.now();
    await page.waitForFunction(
      (last) => (document.querySelector('[data-stage=collect] .done')?.textContent ?? '') !== last,
      before,
    );
    slowest = Math.max(slowest, performance.now() - committed);
  }
  return slowest / 1000;
}

async function collectOne(catalogue: Catalogue): Promise<void> {
  const externalId = `late-${crypto.randomUUID()}.png`;
  const originalSha256 = sha256Of(externalId);
  const image = { externalId, originalSha256, mediaType: 'image/png' as const, byteLength: 1, patient: externalId };
  const origin = { source: 'xvision/bench' };
  await catalogue.transaction(async (tx) => {
    await recordCollected(tx, { collectionId: FIRST_COLLECTION, images: [image] }, origin);
  });
}
