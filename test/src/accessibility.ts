import { source } from 'axe-core';
import type { Page } from 'playwright-core';

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** Accessibility rules that a page breaks as it stands; its policy must let in scripts from outside (`bypassCSP`). */
export async function rulesBroken(page: Page, where: string): Promise<string[]> {
  await page.addScriptTag({ content: source });
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
  return violations.map(({ id, nodes }) => `${where} ${id}: ${nodes[0]?.html ?? ''}`);
}
