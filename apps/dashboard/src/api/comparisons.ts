import { type Catalogue, findDatasetOfModel, findRunContext, findRunView, findTestedImages } from '@xvision/catalogue';
import { type RunComparison, runComparisonSchema } from '@xvision/contracts';
import type { ComparableRun, Comparison } from '@xvision/evaluation';
import { z } from 'zod';
import { openComparer } from '../comparison/compare-aside.js';
import { keepAnswers } from '../kept-answers.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError, NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route } from './route.js';

/** Pairs of runs whose comparison is kept; a few kilobytes each. */
const KEPT = 200;

export function comparisonRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  const comparer = openComparer();
  const kept = keepAnswers<RunComparison>(KEPT);
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/comparison/{other}',
      summary: 'Two runs on the images that both tested: paired differences, and what the data can and cannot support',
      role: 'viewer',
      params: z.object({ id: z.uuid(), other: z.uuid() }),
      result: runComparisonSchema,
      handle: async ({ params: { id, other } }) => {
        // The test scores of a model never change: its comparison with another holds.
        const pair = [await modelOf(catalogue, id), await modelOf(catalogue, other)];
        return {
          body: await kept([id, other, ...pair].join(' '), async () => {
            const [first, second] = [await testedRun(catalogue, id), await testedRun(catalogue, other)];
            const found = await comparer({
              first: comparable('the first run', first),
              second: comparable('the second run', second),
            });
            if (found.commonImages === 0) throw new UnfitRequestError(found.sentence);
            return comparisonShape(first, second, found);
          }),
        };
      },
    }),
  ];
}

async function modelOf(catalogue: Catalogue, id: string): Promise<string | null> {
  const run = await findRunContext(catalogue, id);
  if (run === undefined) throw new NotFoundError(`there is no run ${id}`);
  return run.modelId;
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
