import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dumpRecordSchema } from '@xvision/contracts';
import { sharedFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import { OPENI_ORIGIN } from './allowed-hosts.js';
import { parseAnswer } from './answer.js';
import { type OpenIRecord, recordFromApi, recordsFromDump } from './record.js';

const shared = sharedFolder();
const read = (file: string): Buffer => readFileSync(path.join(shared ?? '', 'data', 'openi', file));

function recordsOf(body: string): OpenIRecord[] {
  return parseAnswer(body).entries.map((entry) => {
    const record = typeof entry === 'string' ? entry : recordFromApi(entry, OPENI_ORIGIN);
    if (typeof record === 'string') throw new Error(record);
    return record;
  });
}

function wholeCollection(): OpenIRecord[] {
  const lines = gunzipSync(read('api_records_reconstructed.jsonl.gz')).toString('utf8').trim().split('\n');
  return recordsOf(`{"total": 7470, "list": [${lines.join(',')}]}`);
}

describe.skipIf(shared === undefined)('the Open-i collection as published', () => {
  test('a recorded answer of the live service is understood to the last field that is used', () => {
    const [first, second] = recordsOf(read('response-recorded.json').toString('utf8'));

    expect(first).toEqual({
      externalId: 'CXR1_1_IM-0001-3001',
      imageUrl: 'https://openi.nlm.nih.gov/imgs/512/1/1/CXR1_1_IM-0001-3001.png',
      patient: 'CXR1',
      view: 'unknown',
      mesh: ['normal'],
      report: expect.stringMatching(/^Comparison: None\.\nIndication: Positive TB test\nFindings: The cardiac/),
      licence: 'CC-BY-NC-ND-4.0',
      synthetic: false,
      attributes: {
        uid: 'CXR1',
        place: 'F1',
        caption: 'Xray Chest PA and Lateral',
        note: 'The data are drawn from multiple hospital systems.',
      },
    });
    expect(second?.patient).toBe('CXR1');
  });

  test('all 7,469 records are read: 3,851 patients, one licence, no identity twice', () => {
    const records = wholeCollection();

    expect(records).toHaveLength(7469);
    expect(new Set(records.map((one) => one.patient)).size).toBe(3851);
    expect(new Set(records.map((one) => one.externalId)).size).toBe(7469);
    expect(new Set(records.map((one) => one.licence))).toEqual(new Set(['CC-BY-NC-ND-4.0']));
  });

  test("the seed's file gives the same images, patients, terms and views as the API", () => {
    const dump = JSON.parse(read('labels.json').toString('utf8')) as Record<string, object>;
    const records = Object.entries(dump).map(([id, record]) => dumpRecordSchema.parse({ id, ...record }));
    const api = new Map(wholeCollection().map((one) => [one.externalId, one]));

    const seed = recordsFromDump(records);

    expect(seed).toHaveLength(7469);
    const pairs = seed.map((one) => ({ one, other: api.get(one.attributes['name'] ?? '') }));
    expect(pairs.filter(({ one, other }) => one.patient !== other?.patient)).toEqual([]);
    expect(pairs.filter(({ one, other }) => one.mesh.join() !== other?.mesh.join())).toEqual([]);
    const samePlace = pairs.filter(({ one, other }) => one.view === other?.view).length;
    expect(samePlace / pairs.length).toBeGreaterThan(0.97);
  });

  test('the guessed view agrees with the DICOM header where that can be trusted (docs/decisions/0072)', () => {
    const headers = trustedViews(gunzipSync(read('nlmcxr_dicom_metadata.csv.gz')).toString('utf8'));
    const counts = { right: 0, wrong: 0, open: 0, frontal: 0, frontalRight: 0 };
    for (const { externalId, view } of wholeCollection()) {
      const truth = headers.get(externalId);
      if (truth === undefined) continue;
      if (view === 'unknown') counts.open++;
      else if (view === truth) counts.right++;
      else counts.wrong++;
      if (view === 'frontal') counts.frontal++;
      if (view === 'frontal' && truth === 'frontal') counts.frontalRight++;
    }

    expect(counts).toMatchObject(MEASURED);
  });
});

/** The figures of docs/decisions/0072-views-of-open-i.md. */
const MEASURED = { right: 3937, wrong: 173, open: 605, frontal: 2199, frontalRight: 2088 };

const VIEW_POSITIONS: Readonly<Record<string, 'frontal' | 'lateral'>> = {
  PA: 'frontal',
  AP: 'frontal',
  LL: 'lateral',
  RL: 'lateral',
  LATERAL: 'lateral',
  'LARGE LATERAL': 'lateral',
};

/** One make of reader writes PA into every header; its processing menu tells the views apart, except for one that serves both. */
const MENUS: Readonly<Record<string, 'frontal' | 'lateral' | undefined>> = {
  60003: 'lateral',
  60025: 'frontal',
  60235: undefined,
};

function trustedViews(csv: string): Map<string, 'frontal' | 'lateral'> {
  const [header = [], ...rows] = parseCsv(csv);
  const [name, menu, position] = ['imageid', 'Acquisition Device Processing Code', 'View Position'].map((column) =>
    header.indexOf(column),
  );
  const views = new Map<string, 'frontal' | 'lateral'>();
  for (const row of rows) {
    const said = VIEW_POSITIONS[row[position ?? -1] ?? ''];
    const code = row[menu ?? -1] ?? '';
    const view = said === 'frontal' && code in MENUS ? MENUS[code] : said;
    if (view !== undefined) views.set(row[name ?? -1] ?? '', view);
  }
  return views;
}

/** RFC 4180, with line breaks inside quotes. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  return rows;
}
