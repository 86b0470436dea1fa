import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeGrey } from '@xvision/imaging';
import { SYNTHETIC_HEADER } from '../synthetic-header.js';
import { answerSearch } from './api-answer.js';
import { type CohortOptions, makeCohort, type SimulatedImage } from './cohort.js';
import { drawPhantom } from './phantom.js';

export interface SimulatorOptions extends Partial<CohortOptions> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Pixels across the large images, 512 as the live service has them; tests that look at none take smaller ones. */
  readonly imageSize?: number;
}

export interface Simulator extends AsyncDisposable {
  /** Base URL for the client, on the loopback interface. */
  readonly url: string;
  /** How many records (= images) it holds. */
  readonly records: number;
}

/** Pixels across the images at `imgLarge`. */
const LARGE = 512;

const IMAGE_PATH = /^\/imgs\/(100|137|150|512)\/\d+\/\d+\/([\w-]+)\.png$/;

/**
 * Serves the Open-i API with made-up records and procedural phantoms, for tests and the offline demo. The same patients and seed
 * give the same bytes. Every answer says that it is synthetic.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, patients = 60, seed = 1, imageSize = LARGE } = options;
  const cohort = makeCohort({ patients, seed });
  const byName = new Map(cohort.map((image) => [image.name, image]));
  const server = createServer((request, response) => {
    serve({ cohort, byName, imageSize }, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${bound}`, records: cohort.length, [Symbol.asyncDispose]: () => close(server) };
}

interface Holdings {
  readonly cohort: readonly SimulatedImage[];
  readonly byName: ReadonlyMap<string, SimulatedImage>;
  readonly imageSize: number;
}

async function serve(holdings: Holdings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader(SYNTHETIC_HEADER, 'true');
  if (request.method !== 'GET') return sendJson(response, 405, { error: 'only GET' });
  const url = new URL(request.url ?? '/', 'http://simulator');
  if (url.pathname === '/api/search') return sendJson(response, 200, answerSearch(holdings.cohort, url.searchParams));
  const [, size, name] = IMAGE_PATH.exec(url.pathname) ?? [];
  const image = holdings.byName.get(name ?? '');
  if (image === undefined) return sendJson(response, 404, { error: `nothing at ${url.pathname}` });
  const phantom = drawPhantom({ ...image, size: size === String(LARGE) ? holdings.imageSize : Number(size) });
  const png = await encodeGrey(phantom.pixels, phantom);
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': png.byteLength }).end(png);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
