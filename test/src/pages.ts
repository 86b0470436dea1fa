import type { TestStack } from './test-stack.js';

/** Every page of the side bar, and one of each kind below them; `:run` and `:image` stand for one that is there. */
const PAGES = {
  overview: '/',
  images: '/images',
  image: '/images/:image',
  runs: '/runs',
  run: '/runs/:run',
  replay: '/replay',
  system: '/system',
  'api-reference': '/api-reference',
} as const;

export type PageName = keyof typeof PAGES;

/** The address of every page in a stack that has an image and a run. */
export async function pagesOf(stack: Pick<TestStack, 'query'>): Promise<(readonly [PageName, string])[]> {
  const [found] = await stack.query<{ run: string; image: string }>(
    `SELECT (SELECT id FROM run ORDER BY created_at LIMIT 1) AS run,
      (SELECT id FROM image WHERE view = 'frontal' ORDER BY id LIMIT 1) AS image`,
  );
  if (found === undefined) throw new Error('the catalogue did not answer');
  const { run, image } = found;
  return Object.entries(PAGES).map(([name, address]) => [
    name as PageName,
    address.replace(':run', run).replace(':image', image),
  ]);
}
