import type { Collection, CollectionRequestInput, Head, Run, RunSettingsInput } from '@xvision/contracts';
import { send } from './request.js';

/** The images of a job: a collection that is there, or one that Open-i is asked for. */
export type JobSource =
  | { readonly kind: 'collection'; readonly id: string }
  | { readonly kind: 'openi'; readonly name: string; readonly query: string; readonly limit: number | undefined };

export interface Job {
  readonly source: JobSource;
  readonly task: RunSettingsInput['task'];
  readonly head: Head;
  readonly folds: number;
}

/** Asks for the images where they are not there, then for the run that waits for them. The same collection asked for twice is one. */
export async function startJob({ source, task, head, folds }: Job): Promise<Run> {
  const collection = source.kind === 'collection' ? source.id : await harvest(source);
  const split = { kind: 'cross-validation' as const, folds, repeats: 1 };
  // The published project's task keeps its own split: its faults are what it is trained for.
  const asked = task.labelRule === 'seed' ? task : { ...task, split };
  const settings: RunSettingsInput = { task: asked, head, collections: [collection] };
  return await send('POST', '/api/runs', settings);
}

async function harvest({ name, query, limit }: Extract<JobSource, { kind: 'openi' }>): Promise<string> {
  const request: CollectionRequestInput = {
    source: 'openi',
    name,
    ...(query === '' ? {} : { query }),
    ...(limit === undefined ? {} : { limit }),
  };
  return (await send<Collection>('POST', '/api/collections', request)).id;
}
