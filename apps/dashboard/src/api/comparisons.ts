import { type Catalogue, findDatasetOfModel, findRunView, findTestedImages } from '@xvision/catalogue';
import { type RunComparison, runComparisonSchema } from '@xvision/contracts';
import type { ComparableRun, Comparison } from '@xvision/evaluation';
import { z } from 'zod';
import { openComparer } from '../comparison/compare-aside.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

export function comparisonRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  const comparer = openComparer();
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/comparison/{other}',
      summary: 'Two runs on the images that both tested: paired differences, and what the data can and cannot support',
      role: 'viewer',
      params: z.object({ id: z.uuid(), other: z.uuid() }),
      result: runComparisonSchema,
      handle: async ({ params: { id, other } }) => {
        const [first, second] = [await testedRun(catalogue, id), await testedRun(catalogue, other)];
        const found = await comparer({
          first: comparable('the first run', first),
          second: comparable('the second run', second),
        });
        if (found.commonImages === 0) throw new UnfitRequestError(found.sentence);
        return { body: comparisonShape(first, second, found) };
      },
    }),
  ];
}

type TestedRun = Awaited<ReturnType<typeof testedRun>>;

async function testedRun(catalogue: Catalogue, id: string) {
  const run = await findRunView(catalogue, id);
  if (run === undefined) throw new NotFoundError(`there is no run ${id}`);
  const dataset = run.modelId === null ? undefined : await findDatasetOfModel(catalogue, run.modelId);
  const tested = await findTestedImages(catalogue, id);
  if (dataset === undefined || tested === undefined) {
    throw new ConflictError(`run ${id} is ${run.state} and has tested nothing yet. Wait until it is trained`);
  }
  const about = {
    run: id,
    task: run.taskName,
    head: run.settings.head,
    tested: tested.images.length,
    synthetic: dataset.synthetic,
    untrainedBackbone: dataset.untrained,
  };
  return { about, ...tested };
}

function comparable(name: string, { classes, images }: TestedRun): ComparableRun {
  return { name, classes, images };
}

function comparisonShape(first: TestedRun, second: TestedRun, found: Comparison): RunComparison {
  return {
    first: first.about,
    second: second.about,
    classes: [...first.classes],
    images: found.commonImages,
    patients: found.commonPatients,
    ...found.metrics,
    delong: delongShape(found.delong),
    mcNemar: found.mcNemar,
    sentence: found.sentence,
    notice: 'Research use only; not a medical device',
  };
}

function delongShape(delong: Comparison['delong']): RunComparison['delong'] {
  if (delong === null) return null;
  const { difference, interval, p } = delong;
  return { difference, ...interval, p };
}
