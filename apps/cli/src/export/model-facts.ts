import { fingerprintSchema, imageSummarySchema, type Model, type Run } from '@xvision/contracts';
import type { ApiClient } from '../api-client.js';
import { CommandError } from '../failure.js';
import { reportOf } from '../report.js';

/** All that the catalogue knows of a model and may stand in its card. */
export interface ModelFacts {
  readonly model: Model;
  readonly run: Run;
  readonly images: number;
  readonly patients: number;
  /** Images per view, collection and licence, and per class in the task's order. */
  readonly views: ReadonlyMap<string, number>;
  readonly collections: ReadonlyMap<string, number>;
  readonly licences: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, number>;
}

export const NO_LICENCE = 'not recorded';

function count(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Throws {@link CommandError} while the model has no evaluated run. */
export async function gatherModelFacts(api: ApiClient, model: Model): Promise<ModelFacts> {
  if (model.runId === null)
    throw new CommandError(`model ${model.id} belongs to no run, so there is nothing to say of it`);
  const run = await api.run(model.runId);
  reportOf(run);
  const members = [];
  for await (const member of api.all(`/api/runs/${run.id}/fingerprints`, fingerprintSchema)) members.push(member);
  const licences: string[] = [];
  const classes: string[] = [];
  for await (const { standing, licence } of api.all(`/api/images?run=${run.id}&limit=500`, imageSummarySchema)) {
    if (standing === null) continue;
    licences.push(licence ?? NO_LICENCE);
    classes.push(standing.class);
  }
  const names = run.settings.task.classes.map(({ name }) => name);
  const perClass = count(classes);
  return {
    model,
    run,
    images: new Set(members.map(({ imageId }) => imageId)).size,
    patients: new Set(members.map(({ patient }) => patient)).size,
    views: count(members.map(({ view }) => view)),
    collections: count(members.map(({ collection }) => collection)),
    licences: count(licences),
    classes: new Map(names.map((name) => [name, perClass.get(name) ?? 0])),
  };
}
