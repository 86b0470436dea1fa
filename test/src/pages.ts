import type { TestStack } from './test-stack.js';

/** Every page of the side bar, and one of each kind below them; `:run` and its like stand for one that is there. */
const PAGES = {
  overview: '/',
  images: '/images',
  image: '/images/:image?run=:run',
  tasks: '/tasks',
  task: '/tasks/nodule',
  'new-task': '/tasks/_new',
  runs: '/runs',
  run: '/runs/:run',
  compare: '/runs/compare?run=:run&run=:other',
  models: '/models',
  model: '/models/:model',
  events: '/events',
  path: '/events?about=:run',
  event: '/events/:event',
  'dead-letters': '/dead-letters',
  replay: '/replay',
  system: '/system',
  'api-reference': '/api-reference',
} as const;

export type PageName = keyof typeof PAGES;

interface Found {
  readonly run: string;
  readonly other: string;
  readonly model: string;
  readonly image: string;
  readonly event: string;
}

/** The address of every page in a stack that has an image and two evaluated runs. */
export async function pagesOf(stack: Pick<TestStack, 'query'>): Promise<(readonly [PageName, string])[]> {
  const [found] = await stack.query<Found & Record<string, unknown>>(
    `SELECT (SELECT id FROM run ORDER BY created_at LIMIT 1) AS run,
      (SELECT id FROM run ORDER BY created_at OFFSET 1 LIMIT 1) AS other,
      (SELECT id FROM model ORDER BY created_at LIMIT 1) AS model,
      (SELECT image_id FROM test_score ORDER BY image_id LIMIT 1) AS image,
      (SELECT id FROM event ORDER BY sequence LIMIT 1) AS event`,
  );
  if (found === undefined) throw new Error('the catalogue did not answer');
  return Object.entries(PAGES).map(([name, address]) => [
    name as PageName,
    address.replaceAll(/:(run|other|model|image|event)/g, (_all, what: keyof Found) => found[what]),
  ]);
}
