import { type ExternalResult, type Run, studySchema } from '@xvision/contracts';
import type { ApiClient } from './api-client.js';
import { estimateText } from './estimate-text.js';
import { table } from './output.js';

/** What a model did on images of another place, for people. */
export function describeExternal(result: ExternalResult): string {
  const { collection, images, patients, excluded, unlike, operatingPoint } = result;
  const out = Object.entries(excluded)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${reason.replaceAll(/([A-Z])/g, ' $1').toLowerCase()}`);
  const rows = [
    ['AUC', estimateText(result.auc)],
    ['AUC at home', estimateText(result.internalAuc)],
    ['accuracy', estimateText(result.accuracy)],
    ['Brier score', estimateText(result.brier)],
    ['calibration error', result.calibrationError === null ? '-' : result.calibrationError.toFixed(3)],
    ...(operatingPoint === null
      ? []
      : [
          [`sensitivity from ${operatingPoint.threshold.toFixed(3)}`, estimateText(operatingPoint.sensitivity)],
          [`specificity from ${operatingPoint.threshold.toFixed(3)}`, estimateText(operatingPoint.specificity)],
        ]),
  ];
  return [
    `${result.task}, ${result.head}, on ${collection}: ${images} images of ${patients} patients${out.length === 0 ? '' : `; left out: ${out.join(', ')}`}`,
    ...(unlike === null || unlike === 0
      ? []
      : [`${unlike} of them are unlike the training images: asked about one by one they would get no score.`]),
    ...(result.synthetic ? ['Synthetic images: these numbers say nothing about patients.'] : []),
    '',
    table(['[95 %]', ''], rows),
    '',
    result.sentence,
    '',
    result.notice,
  ].join('\n');
}

/** The ids of the finished examinations of a run on external sets, newest first. */
export async function externalStudies(api: ApiClient, run: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, state } of api.all(`/api/studies?kind=external&about=${run}`, studySchema)) {
    if (state === 'done') ids.push(id);
  }
  return ids;
}

/** Every external set that a run was examined on, newest first. */
export async function externalResults(api: ApiClient, run: Pick<Run, 'id'>): Promise<ExternalResult[]> {
  const found: ExternalResult[] = [];
  for await (const { result } of api.all(`/api/studies?kind=external&about=${run.id}`, studySchema)) {
    if (result?.kind === 'external') found.push(result);
  }
  return found;
}
