import type { TestStack } from './test-stack.js';

/** Every page of the side bar, and one of each kind below them; `:run` and its like stand for one that is there. */
export const PAGES = {
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
  'dead-letter': '/dead-letters/:letter',
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
  readonly letter: string;
}

/** A letter about the first image, as a service that cannot read it would leave it. */
export async function leaveDeadLetter(stack: Pick<TestStack, 'query'>, message: string): Promise<void> {
  await stack.query(
    `INSERT INTO dead_letter (id, consumer, subject, event_id, reason, message, deliveries)
     SELECT gen_random_uuid(), 'preprocessor', subject, id::text, 'poison', $1, 1
     FROM event WHERE subject = 'xv.image.collected.v1' ORDER BY sequence LIMIT 1`,
    [message],
  );
}

/** The address of every page in a stack that has an image, two evaluated runs and a dead letter. */
export async function pagesOf(stack: Pick<TestStack, 'query'>): Promise<(readonly [PageName, string])[]> {
  const [found] = await stack.query<Found & Record<string, unknown>>(
    `SELECT (SELECT id FROM run ORDER BY created_at LIMIT 1) AS run,
      (SELECT id FROM run ORDER BY created_at OFFSET 1 LIMIT 1) AS other,
      (SELECT id FROM model ORDER BY created_at LIMIT 1) AS model,
      (SELECT image_id FROM test_score ORDER BY image_id LIMIT 1) AS image,
      (SELECT id FROM event ORDER BY sequence LIMIT 1) AS event,
      (SELECT id FROM dead_letter ORDER BY created_at LIMIT 1) AS letter`,
  );
  if (found === undefined) throw new Error('the catalogue did not answer');
  return Object.entries(PAGES).map(([name, address]) => [
    name as PageName,
    address.replaceAll(/:(run|other|model|image|event|letter)/g, (_all, what: keyof Found) => found[what]),
  ]);
}
