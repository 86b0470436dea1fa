import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageSummary, type Run, runReportSchema } from '@xvision/contracts';
import { labelsFromManifest } from '../collections.js';
import { openPageOfAStack, type PageOfAStack } from '../page-of-a-stack.js';
import { shared, type TestStack } from '../test-stack.js';
import { xvisionJson } from '../xvision.js';

/** Enough for every class, sex and age of the real set to be there, and few enough to be extracted in seconds. */
const REAL_IMAGES = 32;
const SIMULATED_PATIENTS = 12;

export interface WatchedStack extends PageOfAStack {
  /** A cross-validation in two repeats, solved in one step. */
  readonly crossed: Run;
  /** The same question put to another head. */
  readonly other: Run;
  /** One hold-out: some images were only trained on. */
  readonly heldOut: Run;
  /** What the API answers; throws when it refuses. */
  readonly ask: <Result>(address: string, sent?: object) => Promise<Result>;
}

/** A stack with real radiographs, phantoms with reports, odd files, and three runs over them. */
export async function openWatchedStack(): Promise<WatchedStack> {
  const opened = await openPageOfAStack({ patients: SIMULATED_PATIENTS });
  try {
    await collectEverything(opened.stack);
    return await watched(opened, await trainEverything(opened.stack));
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function collectEverything(stack: TestStack): Promise<void> {
  const data = path.join(shared ?? '', 'data');
  const labels = path.join(stack.folder, 'jsrt.csv');
  await labelsFromManifest(path.join(data, 'jsrt128', 'manifest.csv'), labels, REAL_IMAGES);
  const real = ['collect', 'folder', path.join(data, 'jsrt128', 'images'), '--labels', labels, '--name', 'jsrt'];
  await xvisionJson(real, stack);
  await xvisionJson(['collect', 'folder', path.join(data, 'odd', 'derived'), '--name', 'odd'], stack);
  await xvisionJson(['collect', 'openi', '--name', 'phantoms'], stack);
}

const HELD_OUT = `name: held-out
classes:
  - name: normal
    rule: { kind: mesh-exactly, terms: [normal] }
  - name: nodule
    rule: { kind: mesh-contains, anyOf: [nodule] }
views: [frontal, unknown]
split: { kind: holdout, testFraction: 0.4 }
`;

async function trainEverything(stack: TestStack): Promise<readonly string[]> {
  const trained = async (...given: string[]) =>
    runReportSchema.parse(await xvisionJson(['train', ...given], stack)).run;
  const heldOut = path.join(stack.folder, 'held-out.yaml');
  await writeFile(heldOut, HELD_OUT);
  return [
    await trained('--task', 'nodule', '--head', 'logistic', '--cv', '3', '--repeats', '2'),
    await trained('--task', 'nodule', '--head', 'seed-mlp', '--cv', '3', '--epochs', '5'),
    await trained('--task', heldOut, '--head', 'logistic'),
  ];
}

async function watched(opened: PageOfAStack, ids: readonly string[]): Promise<WatchedStack> {
  const ask = async <Result>(address: string, sent?: object): Promise<Result> => {
    const posted = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) };
    const response = await fetch(opened.stack.stack.record.apiUrl + address, sent === undefined ? {} : posted);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Result;
  };
  const [crossed, other, heldOut] = await Promise.all(ids.map((id) => ask<Run>(`/api/runs/${id}`)));
  if (crossed === undefined || other === undefined || heldOut === undefined) throw new Error('a run is missing');
  return { ...opened, crossed, other, heldOut, ask };
}

/** Every image as a run sees it; there are fewer than a page of the API holds. */
export async function imagesOf({ ask }: Pick<WatchedStack, 'ask'>, run: Run): Promise<readonly ImageSummary[]> {
  const { items, next } = await ask<{ items: ImageSummary[]; next: string | null }>(
    `/api/images?run=${run.id}&limit=200`,
  );
  if (next !== null) throw new Error('more images than one page holds');
  return items;
}
