import { decodeRadiograph } from '@xvision/imaging';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, openOpenI } from '../client.js';
import { probeOpenI } from '../probe.js';
import { makeCohort } from './cohort.js';
import { drawPhantom } from './phantom.js';
import { startSimulator } from './simulator.js';

async function harvest(url: string, query?: string): Promise<Entry[]> {
  await using client = openOpenI({ baseUrl: url });
  const entries: Entry[] = [];
  for await (const entry of client.records(query === undefined ? {} : { query })) entries.push(entry);
  return entries;
}

describe('the simulator', () => {
  test('the client harvests every record, each plainly synthetic and free to use', async () => {
    await using simulator = await startSimulator({ patients: 120, seed: 5 });

    const entries = await harvest(simulator.url);

    expect(entries).toHaveLength(simulator.records);
    expect(await probeOpenI({ baseUrl: simulator.url })).toEqual({ ok: true, total: simulator.records + 1 });
    for (const entry of entries) {
      expect(entry).toMatchObject({ record: { synthetic: true, licence: 'CC0-1.0' } });
      expect('record' in entry && entry.record.attributes['note']).toMatch(/^SYNTHETIC/);
    }
  });

  test('an image is a 512-pixel grey PNG whose answer says that it is synthetic', async () => {
    await using simulator = await startSimulator({ patients: 1 });
    await using client = openOpenI({ baseUrl: simulator.url });
    const [entry] = await harvest(simulator.url);
    if (entry === undefined || !('record' in entry)) throw new Error('no record');

    const image = await client.fetchImage(entry.record.imageUrl);

    expect(image).toMatchObject({ mediaType: 'image/png', synthetic: true });
    expect(await decodeRadiograph(image.bytes)).toMatchObject({ width: 512, height: 512 });
  });

  test('a query finds the records that hold its words, and no others', async () => {
    await using simulator = await startSimulator({ patients: 40 });

    const found = await harvest(simulator.url, 'nodule lung');

    expect(found.length).toBeGreaterThan(0);
    for (const entry of found) expect('record' in entry && entry.record.mesh.join()).toMatch(/Nodule\/lung/);
  });

  test('what it does not hold it does not make up', async () => {
    await using simulator = await startSimulator({ patients: 1 });

    expect((await fetch(`${simulator.url}/imgs/512/9/9/CXR9_IM-0009-1001.png`)).status).toBe(404);
    expect((await fetch(`${simulator.url}/api/search`, { method: 'POST' })).status).toBe(405);
  });
});

describe('a cohort', () => {
  test('of 20 patients has 8 normal and 6 with a nodule, and the same ones each time', () => {
    const cohort = makeCohort({ patients: 20, seed: 3 });
    const frontal = cohort.filter((image) => image.place === 'F1');

    expect(frontal.filter((image) => image.mesh.join() === 'normal')).toHaveLength(8);
    expect(frontal.filter((image) => image.mesh.some((term) => term.startsWith('Nodule')))).toHaveLength(6);
    expect(makeCohort({ patients: 20, seed: 3 })).toEqual(cohort);
    expect(makeCohort({ patients: 20, seed: 4 })).not.toEqual(cohort);
  });

  test('a larger cohort begins with the smaller one', () => {
    expect(makeCohort({ patients: 30, seed: 1 }).slice(0, 10)).toEqual(
      makeCohort({ patients: 8, seed: 1 }).slice(0, 10),
    );
  });
});

describe('a phantom', () => {
  test('is the same picture each time, and another one for another patient, view or take', () => {
    const options = { seed: 7, view: 'frontal', size: 64 } as const;
    const { pixels } = drawPhantom(options);

    expect(drawPhantom(options).pixels).toEqual(pixels);
    expect(drawPhantom({ ...options, seed: 8 }).pixels).not.toEqual(pixels);
    expect(drawPhantom({ ...options, view: 'lateral' }).pixels).not.toEqual(pixels);
    expect(drawPhantom({ ...options, take: 1 }).pixels).not.toEqual(pixels);
  });

  test('a nodule only adds density, and only near itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom('frontal', 'lateral'), (seed, view) => {
        const size = 96;
        const healthy = drawPhantom({ seed, view, size }).pixels;
        const ill = drawPhantom({ seed, view, size, findings: { nodules: 1 } }).pixels;

        const changed = [...ill.keys()].filter((at) => ill[at] !== healthy[at]);

        expect(changed.length).toBeGreaterThan(5);
        expect(changed.every((at) => (ill[at] ?? 0) > (healthy[at] ?? 0))).toBe(true);
        const columns = changed.map((at) => at % size);
        const rows = changed.map((at) => Math.floor(at / size));
        expect(Math.max(...columns) - Math.min(...columns)).toBeLessThan(size / 4);
        expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(size / 4);
      }),
      { numRuns: 20 },
    );
  });

  test('looks like a chest: lungs darker than the heart and the abdomen, air around the body darkest', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const size = 128;
      const { pixels } = drawPhantom({ seed, view: 'frontal', size });
      const mean = (x: number, y: number): number => {
        let sum = 0;
        for (let row = 0; row < 9; row++) {
          for (let column = 0; column < 9; column++) sum += pixels[(y * size + row * size + column + x) | 0] ?? 0;
        }
        return sum / 81;
      };
      const [rightLung, spine, abdomen, air] = [mean(26, 60), mean(60, 66), mean(40, 110), mean(2, 6)];

      expect(spine).toBeGreaterThan(1.5 * rightLung);
      expect(abdomen).toBeGreaterThan(1.3 * rightLung);
      expect(air).toBeLessThan(abdomen / 2);
    }
  });
});
