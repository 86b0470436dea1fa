import { FIRST_COLLECTION, FIRST_DATASET, FIRST_MODEL, FIRST_RUN, imageId, OTHER_RUN } from './seed-catalogue.js';

const CLIENTS = 10;

/** An address, with what is sent to it where it is asked by POST. */
export interface Question {
  readonly route: string;
  readonly body?: unknown;
}

/** Every list and detail of the API that a page asks, with the filters that are hardest on the database. */
export function askedRoutes(images: number): Question[] {
  const middle = imageId(Math.floor(images / 2));
  const routes = [...imageRoutes(middle), ...runRoutes(), ...operationRoutes(middle)];
  return [...routes.map((route) => ({ route })), { route: '/api/tasks/preview', body: PREVIEW }];
}

function imageRoutes(middle: string): string[] {
  return [
    '/api/images',
    `/api/images?cursor=${middle}`,
    '/api/images?sort=-file',
    '/api/images?search=effusion%20enlarged',
    '/api/images?search=CXR4321',
    '/api/images?label=nodule&view=lateral',
    '/api/images?licence=CC%20BY-NC%204.0&quality=enlarged',
    '/api/images?stage=rejected',
    `/api/images?run=${FIRST_RUN}&sort=-uncertainty`,
    `/api/images?run=${FIRST_RUN}&sort=-probability&outcome=wrong`,
    `/api/images?run=${FIRST_RUN}&split=train&label=nodule`,
    `/api/images?run=${FIRST_RUN}&label=nodule&predicted=normal`,
    `/api/images/count?run=${FIRST_RUN}&outcome=wrong`,
    '/api/images/count',
    '/api/images/facets',
    `/api/images/${middle}`,
    `/api/images/${middle}/neighbours?run=${FIRST_RUN}&sort=-uncertainty`,
    `/api/images/${middle}/thumbnail`,
    '/api/collections',
    `/api/collections/${FIRST_COLLECTION}`,
    `/api/collections/${FIRST_COLLECTION}/images`,
  ];
}

/** What is computed from test scores (curves, subgroups, a comparison) is computed at the first asking, before the clock starts. */
function runRoutes(): string[] {
  return [
    '/api/runs',
    '/api/runs?search=seed-ensemble&trained=true',
    '/api/runs/facets',
    `/api/runs/${FIRST_RUN}`,
    `/api/runs/${FIRST_RUN}/epochs`,
    `/api/runs/${FIRST_RUN}/losses`,
    `/api/runs/${OTHER_RUN}/curves`,
    `/api/runs/${OTHER_RUN}/subgroups`,
    `/api/runs/${OTHER_RUN}/mistakes`,
    `/api/runs/${OTHER_RUN}/comparison/${FIRST_RUN}`,
    `/api/datasets/${FIRST_DATASET}/members`,
    '/api/models',
    `/api/models/${FIRST_MODEL}`,
    `/api/models/${FIRST_MODEL}/promotions`,
    '/api/studies',
    '/api/tasks',
    '/api/tasks/nodule',
  ];
}

function operationRoutes(middle: string): string[] {
  return [
    '/api/events',
    `/api/events?about=${middle}`,
    '/api/events?subject=xv.image.prepared.v1',
    '/api/events?stream=XV_BENCH',
    '/api/events/kinds',
    '/api/dead-letters',
    '/api/dead-letters?state=open&consumer=preprocessor',
    '/api/dead-letters/groups',
    '/api/dead-letters/acts',
    '/api/pipeline',
    '/api/system',
    '/api/system/services',
    '/api/system/storage',
    '/api/tokens',
  ];
}

const PREVIEW = {
  task: {
    name: 'nodule',
    classes: [
      { name: 'normal', rule: { kind: 'label-only' } },
      { name: 'nodule', rule: { kind: 'mesh-contains', anyOf: ['term 5'] } },
    ],
    split: { kind: 'cross-validation', folds: 5 },
  },
};

/** The 95th percentile in milliseconds of one address with ten clients, each asking as soon as it is answered. */
export async function p95Of(address: string, requests: number, body?: unknown): Promise<number> {
  const took: number[] = [];
  let left = requests;
  const sent =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      const response = await fetch(address, sent);
      await response.arrayBuffer();
      took.push(performance.now() - started);
      if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  took.sort((one, other) => one - other);
  return took[Math.ceil(took.length * 0.95) - 1] ?? Number.NaN;
}
