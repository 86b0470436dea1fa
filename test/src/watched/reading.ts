import type { Estimate } from '@xvision/contracts';
import type { Locator } from 'playwright-core';

/** The cells of a table's body, row by row, as a reader sees them. */
export function cellsOf(table: Locator): Promise<string[][]> {
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll<HTMLElement>('th, td')].map((cell) => cell.innerText.replaceAll(/\s+/g, ' ').trim()),
      ),
    );
}

/** The names and values of a list of facts or figures, as a reader sees them. */
export function factsOf(list: Locator): Promise<Record<string, string>> {
  return list.evaluate((dl) =>
    Object.fromEntries(
      [...dl.querySelectorAll<HTMLElement>('dt')].map((name) => [
        name.innerText,
        (name.nextElementSibling as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim(),
      ]),
    ),
  );
}

/** `0.548 [0.362, 0.733]`, as every page writes a number with its interval. */
export function written({ value, low, high }: Estimate): string {
  if (value === null) return '—';
  const figure = value.toFixed(3);
  return low === null || high === null ? figure : `${figure} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

/** Of which images these links are, in their order. */
export async function imageIds(links: Locator): Promise<string[]> {
  const addresses = await links.evaluateAll((every) => every.map((one) => one.getAttribute('href') ?? ''));
  return addresses.map((address) => /\/images\/([\w-]+)/.exec(address)?.[1] ?? address);
}
