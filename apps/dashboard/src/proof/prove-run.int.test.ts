import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProofLink, pageOf, proofLinkSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCollection, startApi, type TestApi } from '../api/test-api.js';
import { aProvenRun, type Chain } from './a-proven-run.js';

let api: TestApi;
let chain: Chain;
beforeAll(async () => {
  api = await startApi();
  chain = await aProvenRun(api, await seedCollection(api));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function proof(limit = 50): Promise<ProofLink[]> {
  const links: ProofLink[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const response = await fetch(`${api.url}/api/runs/${chain.runId}/proof?limit=${limit}${cursor}`);
    const page = pageOf(proofLinkSchema).parse(await response.json());
    links.push(...page.items);
    next = page.next;
  }
  return links;
}

const brokenOf = (links: readonly ProofLink[]) => links.filter(({ problem }) => problem !== null);

/** Turns one bit of a stored file and gives back how to undo it. */
async function corrupt(sha256: string): Promise<() => Promise<void>> {
  const file = path.join(api.storeRoot, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const intact = await readFile(file);
  const damaged = Buffer.from(intact);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
  await writeFile(file, damaged);
  return () => writeFile(file, intact);
}

describe('the proof of a run', () => {
  test('every link of an untouched run holds, from the report to the source of each image', async () => {
    const links = await proof();

    expect(brokenOf(links)).toEqual([]);
    const perImage = ['features', 'prepared', 'original', 'source'];
    expect(links.map(({ level }) => level)).toEqual(
      ['report', 'scores', 'model', 'checkpoint', 'dataset'].concat(perImage, perImage, perImage, perImage, perImage),
    );
  });

  test('page by page it is the same proof', async () => {
    expect(await proof(2)).toEqual(await proof());
  });

  test.each(['report', 'model', 'checkpoint', 'dataset', 'features', 'prepared', 'original'] as const)(
    'one bit of the %s names that link, with the sha256 expected and found',
    async (level) => {
      const restore = await corrupt(chain[level]);

      const broken = brokenOf(await proof());

      await restore();
      expect(broken).toEqual([
        expect.objectContaining({ level, expected: chain[level], found: expect.stringMatching(/^[0-9a-f]{64}$/) }),
      ]);
      expect(broken[0]?.found).not.toBe(chain[level]);
      if (['features', 'prepared', 'original'].includes(level)) expect(broken[0]?.of).toContain('patient-0.png');
    },
  );

  test('a file that is gone is named, and nothing is said to be found', async () => {
    const bytes = await api.blobs.get(chain.prepared);
    await api.blobs.remove(chain.prepared);

    const broken = brokenOf(await proof());

    await api.blobs.put(bytes);
    expect(broken).toMatchObject([{ level: 'prepared', expected: chain.prepared, found: null }]);
  });

  test('a score changed in the catalogue is no longer that of the report', async () => {
    const change = (from: number, to: number) => api.catalogue.prisma.$executeRaw`
      UPDATE test_score SET probabilities = ARRAY[1 - ${to}::float8, ${to}::float8]
      WHERE probabilities[2] = ${from}::float8 AND image_id IN (
        SELECT image_id FROM dataset_member WHERE dataset_sha256 = ${chain.dataset})`;
    await change(0.75, 0.8);

    const broken = brokenOf(await proof());

    await change(0.8, 0.75);
    expect(broken).toMatchObject([{ level: 'scores', problem: expect.stringContaining('Brier score') }]);
  });

  test('a label changed in the catalogue after the dataset was frozen is named with its image', async () => {
    const relabel = (label: number) => api.catalogue.prisma.$executeRaw`
      UPDATE dataset_member SET label = ${label} WHERE dataset_sha256 = ${chain.dataset} AND position = 4`;
    await relabel(1);

    const broken = brokenOf(await proof());

    await relabel(0);
    expect(broken).toMatchObject([
      { level: 'dataset', of: expect.stringContaining('patient-4.png'), problem: expect.stringContaining('class') },
    ]);
  });

  test('an original exchanged in the catalogue is not what the source gave', async () => {
    const other = await api.blobs.put(Buffer.from('another original'));
    const exchange = (from: string, to: string) => api.catalogue.prisma.$executeRaw`
      UPDATE image SET original_sha256 = ${to} WHERE original_sha256 = ${from}`;
    await exchange(chain.original, other);

    const broken = brokenOf(await proof());

    await exchange(other, chain.original);
    expect(broken).toMatchObject([{ level: 'source', expected: chain.original, found: other }]);
  });
});

test('the file of a model is what its sha256 names', async () => {
  const { items } = (await (await fetch(`${api.url}/api/models`)).json()) as {
    items: { id: string; sha256: string }[];
  };
  const model = items.find(({ sha256 }) => sha256 === chain.model);

  const response = await fetch(`${api.url}/api/models/${model?.id}/file`);

  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(await api.blobs.get(chain.model)));
});
