import { randomUUID } from 'node:crypto';
import type { AuditResult } from '@xvision/contracts';
import { startPostgres, type TestPostgres } from '@xvision/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../catalogue.js';
import { migrate } from '../migrate.js';
import { failStudy, findStudy, finishStudy, listStudies, noteStudyProgress, requestStudy } from './studies.js';

const origin = { source: 'xvision/test' };
const nothing = { value: null, low: null, high: null };
const result: AuditResult = {
  kind: 'audit',
  task: 'nodule',
  head: 'logistic',
  synthetic: false,
  images: 2,
  patients: 2,
  auc: nothing,
  checks: [],
  verdict: 'nothing was checked',
  notice: 'Research use only; not a medical device',
};

describe('studies', () => {
  let postgres: TestPostgres;
  let catalogue: Catalogue;
  beforeAll(async () => {
    postgres = await startPostgres();
    await migrate(postgres.url);
    catalogue = openCatalogue({ url: postgres.url, applicationName: 'test' });
  });
  afterAll(async () => {
    await catalogue?.[Symbol.asyncDispose]();
    await postgres?.stop();
  });

  const ask = (about: string) => catalogue.transaction((tx) => requestStudy(tx, { kind: 'audit', about }, origin));

  test('the same question is one study and one event, until it failed', async () => {
    const about = randomUUID();

    const first = await ask(about);
    const again = await ask(about);

    expect(first.created).toBe(true);
    expect(again).toEqual({ id: first.id, created: false });
    const events = await catalogue.prisma.event.findMany({
      where: { subject: 'xv.study.requested.v1', about: first.id },
    });
    expect(events).toHaveLength(1);

    await failStudy(catalogue, first.id, 'the run has no model');
    const anew = await ask(about);

    expect(anew.created).toBe(true);
    expect(anew.id).not.toBe(first.id);
    expect(await findStudy(catalogue, first.id)).toMatchObject({ state: 'failed', message: 'the run has no model' });
  });

  test('shows how far it is, then its result, and stays as it ended', async () => {
    const { id } = await ask(randomUUID());

    await noteStudyProgress(catalogue, id, { done: 1, total: 5, what: 'trained' });
    expect(await findStudy(catalogue, id)).toMatchObject({
      state: 'running',
      progress: { done: 1, total: 5, what: 'trained' },
      result: null,
    });

    await finishStudy(catalogue, id, result);
    await noteStudyProgress(catalogue, id, { done: 2, total: 5, what: 'trained' });
    await failStudy(catalogue, id, 'too late');

    expect(await findStudy(catalogue, id)).toMatchObject({ state: 'done', progress: null, message: null, result });
  });

  test('are listed newest first, by what they are about, page after page', async () => {
    const about = randomUUID();
    const first = await ask(about);
    await failStudy(catalogue, first.id, 'first');
    const second = await ask(about);
    await failStudy(catalogue, second.id, 'second');
    const third = await ask(about);

    const page = await listStudies(catalogue, { about, kind: 'audit', limit: 2 });
    const rest = await listStudies(catalogue, { about, before: page[1]?.id, limit: 2 });

    expect(page.map(({ id }) => id)).toEqual([third.id, second.id]);
    expect(rest.map(({ id }) => id)).toEqual([first.id]);
    expect(await listStudies(catalogue, { about: randomUUID(), limit: 2 })).toEqual([]);
  });

  test('a study that nobody asked for is not found', async () => {
    expect(await findStudy(catalogue, randomUUID())).toBeUndefined();
  });
});
