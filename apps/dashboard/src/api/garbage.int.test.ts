import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCollection, seedRun, startApi, type TestApi } from './test-api.js';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly queryNames: readonly string[];
  readonly hasBody: boolean;
  readonly role: string;
  readonly summary: string;
  /** The statuses of success that are described. */
  readonly successes: readonly number[];
}

/** Of every route, besides one for each id that is known. */
const RUNS_PER_ROUTE = 12;

interface Described {
  readonly summary: string;
  readonly security?: readonly { readonly token?: readonly string[] }[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

let api: TestApi;
let operations: Operation[] = [];
let known: string[] = [];
const shapes = new Ajv2020({ strict: false, validateFormats: false });
beforeAll(async () => {
  api = await startApi();
  const collection = await seedCollection(api);
  const run = await seedRun(api, collection);
  known = [collection.id, collection.images[0]?.id ?? '', run.runId, run.modelId, run.dataset];
  operations = await describedOperations();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function describedOperations(): Promise<Operation[]> {
  const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Described>>;
  };
  shapes.addSchema(document, 'openapi');
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, security = [], summary, responses }]) => ({
      method,
      path,
      queryNames: parameters.filter((one) => one.in === 'query').map((one) => one.name),
      hasBody: requestBody !== undefined,
      role: security.flatMap(({ token = [] }) => token)[0] ?? 'anyone',
      summary,
      successes: Object.keys(responses).map(Number).filter(Number.isInteger),
    })),
  );
}

const nasty = fc.constantFrom(
  '',
  '0',
  '-1',
  '1e999',
  'NaN',
  '\0',
  'a\0b',
  '\ud800',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%',
  '\u202e',
  'null',
  '99999999999999999999',
  '00000000-0000-0000-0000-000000000000',
  'f'.repeat(64),
  'x'.repeat(3000),
  '<script>',
  '{}',
);
const text = () => fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...known));
const body = () =>
  fc.oneof(
    fc.jsonValue(),
    fc.record({
      source: fc.constantFrom('openi', 'folder', 'dump', 'dicom', 'x'),
      name: text(),
      query: text(),
      limit: fc.oneof(fc.integer(), fc.double()),
      records: fc.array(
        fc.record({
          file: text(),
          sha256: text(),
          labels: fc.dictionary(text(), text()),
          attributes: fc.dictionary(text(), text()),
        }),
      ),
    }),
    fc.record({
      ids: fc.array(text()),
      reason: text(),
      sha256: fc.array(text()),
      modelId: text(),
      collectionId: text(),
      collections: fc.array(text()),
    }),
  );

/** What cannot be written in an address at all never reaches the server. */
function encoded(value: string): string {
  return encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '?')) || '%20';
}

interface Asked {
  readonly param: string;
  readonly query: Readonly<Record<string, string>>;
  readonly json: unknown;
}

const asked = (operation: Operation): fc.Arbitrary<Asked> =>
  fc.record({
    param: text(),
    query: fc.dictionary(fc.constantFrom(...operation.queryNames, 'unknown'), text(), { maxKeys: 3 }),
    json: fc.oneof(body(), fc.constant(undefined)),
  });

/** Sends it, and fails unless the answer is one that the document describes. */
async function answeredAsDescribed(operation: Operation, { param, query, json }: Asked): Promise<void> {
  const path = operation.path.replaceAll(/\{\w+\}/g, () => encoded(param));
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const ending = new AbortController();
  const response = await fetch(`${api.url}${path}${search.length === 0 ? '' : `?${search.join('&')}`}`, {
    method: operation.method.toUpperCase(),
    signal: ending.signal,
    ...(operation.hasBody
      ? { body: JSON.stringify(json) ?? '{"', headers: { 'content-type': 'application/json' } }
      : {}),
  });
  const what = `${operation.method} ${path}: ${inspect(api.errors.at(-1))}`;
  expect(response.status, what).toBeLessThan(500);
  const type = response.headers.get('content-type') ?? '';
  if (response.status >= 400) expect(type, what).toContain('application/problem+json');
  else expect(operation.successes, what).toContain(response.status);
  if (type.includes('json')) expectShape(operation, response.status, await response.json());
  ending.abort();
}

function expectShape({ method, path }: Operation, status: number, answer: unknown): void {
  const [response, type] = status >= 400 ? ['default', 'application/problem+json'] : [status, 'application/json'];
  const place = ['paths', path, method, 'responses', response, 'content', type, 'schema'];
  const pointer = place.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')));
  const matches = shapes.compile({ $ref: `openapi#/${pointer.join('/')}` });
  expect(matches(answer), `${method} ${path} ${status}: ${inspect(matches.errors)} in ${inspect(answer)}`).toBe(true);
  if (status >= 400) expect(answer).toMatchObject({ status, detail: expect.stringMatching(/./) });
}

test('whatever any route is asked, its answer is one that OpenAPI describes, and the server does not fail', async () => {
  for (const operation of operations) {
    await fc.assert(
      fc.asyncProperty(asked(operation), (request) => answeredAsDescribed(operation, request)),
      { numRuns: RUNS_PER_ROUTE, examples: known.map((param): [Asked] => [{ param, query: {}, json: {} }]) },
    );
  }
  expect(api.errors).toEqual([]);
});

test('docs/http-api.md lists every route as OpenAPI describes it', async () => {
  const rows = operations
    .toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
    .map(({ method, path, role, summary }) => `| \`${method.toUpperCase()} ${path}\` | ${role} | ${summary} |`);
  const table = ['| route | who | what |', '| --- | --- | --- |', ...rows].join('\n');

  const documented = await readFile(path.join(import.meta.dirname, '../../../../docs/http-api.md'), 'utf8');

  expect(documented).toContain(table);
});
