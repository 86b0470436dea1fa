import { type Collection, collectionSchema, type Run, type RunSettingsInput } from '@xvision/contracts';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { evaluated, settled } from '../follow.js';
import { openProgress } from '../progress.js';

/** The named collections, or all that may be trained on. */
export async function chooseCollections(api: ApiClient, names: readonly string[]): Promise<Collection[]> {
  const known: Collection[] = [];
  for await (const one of api.all('/api/collections', collectionSchema)) if (one.purpose === 'dataset') known.push(one);
  if (known.length === 0)
    throw new CommandError('there are no images yet. Collect some: xvision collect folder DIR --labels FILE.csv');
  if (names.length === 0) return known;
  return names.map((name) => {
    const found = known.find((one) => one.name === name || one.id === name);
    if (found === undefined)
      throw new CommandError(`there is no collection "${name}"; there are: ${known.map((one) => one.name).join(', ')}`);
    return found;
  });
}

/** Asks for a run on collected images (all of them, unless some are named) and waits for its report. */
export async function trainedRun(
  { output, stderr }: Context,
  api: ApiClient,
  { settings, names = [] }: { settings: Omit<RunSettingsInput, 'collections'>; names?: readonly string[] | undefined },
): Promise<Run> {
  const progress = openProgress(output, stderr);
  try {
    const collections = (await chooseCollections(api, names)).map((one) => one.id);
    const asked = await api.startRun({ ...settings, collections });
    await settled(api, collections, progress);
    return await evaluated(api, asked.id, progress);
  } finally {
    progress.stop();
  }
}
