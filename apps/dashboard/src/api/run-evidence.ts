import { createHash } from 'node:crypto';
import { runCurvesSchema, runMistakesSchema, runSubgroupsSchema } from '@xvision/contracts';
import { renderReportHtml } from '@xvision/evaluation';
import type { Response } from 'express';
import { z } from 'zod';
import { openEvidence } from '../evidence/evidence-aside.js';
import { evidenceQuestionOf, testedRunOf } from '../evidence/tested-images.js';
import type { ApiDependencies } from './dependencies.js';
import { ConflictError } from './failures.js';
import { jsonRoute, type Route, streamRoute } from './route.js';

const params = z.object({ id: z.uuid() });
const notice = 'Research use only; not a medical device' as const;

/** What a run's numbers rest on, computed from its stored test scores. */
export function runEvidenceRoutes({ catalogue }: Pick<ApiDependencies, 'catalogue'>): Route[] {
  const gather = openEvidence();
  const evidenceOf = async (id: string) => {
    const tested = await testedRunOf(catalogue, id);
    return { tested, found: await gather(tested.modelId, () => evidenceQuestionOf(catalogue, tested)) };
  };
  return [
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/curves',
      summary: 'ROC, precision-recall and reliability of a two-class run with bands, and what every threshold gives',
      role: 'viewer',
      params,
      result: runCurvesSchema,
      handle: async ({ params: { id } }) => ({ body: { run: id, ...(await evidenceOf(id)).found.curves, notice } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/subgroups',
      summary: 'A run by view, sex, age and source, and fold by fold, with intervals',
      role: 'viewer',
      params,
      result: runSubgroupsSchema,
      handle: async ({ params: { id } }) => {
        const { subgroups, folds } = (await evidenceOf(id)).found;
        return { body: { run: id, subgroups, folds, notice } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/api/runs/{id}/mistakes',
      summary: 'Tested images that a run took for another class, the worst first',
      role: 'viewer',
      params,
      query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(24) }),
      result: runMistakesSchema,
      handle: async ({ params: { id }, query: { limit } }) => {
        const { wrong, mistakes, curves } = (await evidenceOf(id)).found;
        return { body: { run: id, tested: curves.images, wrong, items: mistakes.slice(0, limit), notice } };
      },
    }),
    streamRoute({
      method: 'get',
      path: '/api/runs/{id}/report.html',
      summary: 'The report of a run as one HTML file without scripts, to print or to keep',
      role: 'viewer',
      params,
      reply: { status: 200, description: 'An HTML page that needs no other file', contentType: 'text/html' },
      handle: async ({ params: { id }, response }) => {
        const { tested, found } = await evidenceOf(id);
        const { report } = tested.run;
        if (report === null) {
          throw new ConflictError(`run ${id} is ${tested.run.state} and has no report yet. Wait until it is evaluated`);
        }
        const { drawn, subgroups, folds } = found;
        sendPage(response, renderReportHtml(report, drawn, { subgroups, folds }), `xvision-run-${id}.html`);
      },
    }),
  ];
}

/** Nothing may run in it and nothing be fetched by it; of styles only its own, by their hash. */
function sendPage(response: Response, html: string, name: string): void {
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  response.set({
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'Content-Disposition': `inline; filename="${name}"`,
  });
  response.type('text/html').send(html);
}
