import { FIRST_MODEL, FIRST_RUN, imageId } from './seed-catalogue.js';

const CLIENTS = 10;

/** Every list and detail of the API that a page asks, with the filters that are hardest on the database. */
export function askedRoutes(images: number): string[] {
  const middle = imageId(Math.floor(images / 2));
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
    `/api/images/count?run=${FIRST_RUN}&outcome=wrong`,
    '/api/images/count',
    '/api/images/facets',
    `/api/images/${middle}`,
    `/api/images/${middle}/neighbours?run=${FIRST_RUN}&sort=-uncertainty`,
    `/api/images/${middle}/thumbnail`,
    '/api/collections',
    '/api/runs',
    `/api/runs/${FIRST_RUN}`,
    `/api/runs/${FIRST_RUN}/epochs`,
    '/api/models',
    `/api/models/${FIRST_MODEL}`,
    '/api/events',
    `/api/events?about=${middle}`,
    '/api/dead-letters',
    '/api/studies',
    '/api/pipeline',
    '/api/system',
  ];
}

/** The 95th percentile in milliseconds of one address with ten clients, each asking as soon as it is answered. */
export async function p95Of(address: string, requests: number): Promise<number> {
  const took: number[] = [];
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      const response = await fetch(address);
      await response.arrayBuffer();
      took.push(performance.now() - started);
      if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  took.sort((one, other) => one - other);
  return took[Math.ceil(took.length * 0.95) - 1] ?? Number.NaN;
}
