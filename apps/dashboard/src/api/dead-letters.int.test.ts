import { randomUUID } from 'node:crypto';
import { recordApiToken, recordDeadLetter } from '@xvision/catalogue';
import {
  deadLetterActionResultSchema,
  deadLetterActSchema,
  deadLetterDetailSchema,
  deadLetterGroupSchema,
  deadLetterSchema,
  pageOf,
  recordedEventSchema,
} from '@xvision/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { tokenHash } from './authority.js';
import { seedCollection, startApi, type TestApi } from './test-api.js';
import { getFrom, refused, requestTo, UNKNOWN } from './test-requests.js';

let api: TestApi;
let eventId = '';
beforeAll(async () => {
  api = await startApi();
  await seedCollection(api);
  const { items } = await get('/api/events?subject=xv.image.collected.v1&limit=1', pageOf(recordedEventSchema));
  eventId = items[0]?.event.id ?? '';
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const get = <Schema extends z.ZodType>(path: string, schema: Schema) => getFrom(api, path, schema);
const act = async (kind: 'redrive' | 'discard', body: object) =>
  deadLetterActionResultSchema.parse((await requestTo(api).post(`/api/dead-letters/${kind}`).send(body)).body);

async function aLetter(change: { consumer?: string; eventId?: string; body?: string } = {}): Promise<string> {
  const id = randomUUID();
  await recordDeadLetter(api.catalogue, {
    id,
    consumer: 'preprocessor',
    subject: 'xv.image.collected.v1',
    reason: 'poison',
    message: 'broken',
    deliveries: 3,
    ...change,
  });
  return id;
}

test('dead letters are re-driven with a reason, and what cannot be is said', async () => {
  const id = await aLetter({ eventId });

  const result = await act('redrive', { ids: [id, UNKNOWN], reason: 'fixed the decoder' });

  expect(result).toMatchObject({ done: [id], refused: [{ id: UNKNOWN }] });
  const listed = await get('/api/dead-letters?state=redriven', pageOf(deadLetterSchema));
  expect(listed).toMatchObject({ items: [{ id, resolution: 'fixed the decoder' }] });
});

test('a letter opens with its message, its event and how often consumers gave up on it', async () => {
  await aLetter({ eventId });
  const id = await aLetter({ eventId, body: '{"broken":' });

  const letter = await get(`/api/dead-letters/${id}`, deadLetterDetailSchema);

  expect(letter).toMatchObject({ message: 'broken', deliveries: 3, body: '{"broken":', act: null });
  expect(letter.event?.event.id).toBe(eventId);
  expect(letter.deaths).toBeGreaterThanOrEqual(2);
  await refused(requestTo(api).get(`/api/dead-letters/${UNKNOWN}`), 404);
});

test('a message that is no event of ours is shown without one', async () => {
  const id = await aLetter({ eventId: "' OR 1=1", body: '<script>alert(1)</script>' });

  const letter = await get(`/api/dead-letters/${id}`, deadLetterDetailSchema);

  expect(letter).toMatchObject({ event: null, deaths: 1, body: '<script>alert(1)</script>' });
});

test('all that match a filter are closed at once; the trail says who, when, why and by which filter', async () => {
  const mine = [await aLetter({ consumer: 'bulk' }), await aLetter({ consumer: 'bulk' })];
  const other = await aLetter({ consumer: 'another' });

  const result = await act('discard', { matching: { consumer: 'bulk' }, reason: 'a source that is gone' });

  expect(result.done.toSorted()).toEqual(mine.toSorted());
  const { items } = await get('/api/dead-letters/acts?limit=1', pageOf(deadLetterActSchema));
  expect(items).toMatchObject([
    { act: 'discard', who: 'loopback', reason: 'a source that is gone', matching: { consumer: 'bulk' }, letters: 2 },
  ]);
  const closed = await get(`/api/dead-letters/${mine[0]}`, deadLetterDetailSchema);
  expect(closed.act).toEqual(items[0]);
  const open = await get('/api/dead-letters?state=open&consumer=another', pageOf(deadLetterSchema));
  expect(open.items.map((letter) => letter.id)).toEqual([other]);
});

test('groups say how many letters a filter would find', async () => {
  await aLetter({ consumer: 'grouped' });
  await aLetter({ consumer: 'grouped' });

  const { items } = await get('/api/dead-letters/groups', z.object({ items: z.array(deadLetterGroupSchema) }));

  const own = items.filter((group) => group.consumer === 'grouped');
  expect(own).toMatchObject([{ subject: 'xv.image.collected.v1', state: 'open', letters: 2 }]);
});

test('an act without a reason, without a choice or with both kinds of choice is refused', async () => {
  const discard = (body: object) => requestTo(api).post('/api/dead-letters/discard').send(body);

  await refused(discard({ ids: [UNKNOWN], reason: '  ' }), 400);
  await refused(discard({ matching: {} }), 400);
  await refused(discard({ reason: 'nothing chosen' }), 400);
  await refused(discard({ ids: [UNKNOWN], matching: {}, reason: 'both' }), 400);
  await refused(discard({ matching: { consumr: 'typo' }, reason: 'a typo must not take every letter' }), 400);
});

test('with tokens, the trail names the token, and a viewer may look but not act', async () => {
  await using guarded = await startApi({ authentication: 'token' });
  for (const role of ['viewer', 'operator'] as const) {
    await recordApiToken(guarded.catalogue, { name: `${role} at night`, role, sha256: tokenHash(`${role}-token`) });
  }
  const letter = {
    consumer: 'trainer',
    subject: 'xv.run.requested.v1',
    reason: 'poison',
    message: 'no',
    deliveries: 1,
  };
  await recordDeadLetter(guarded.catalogue, { ...letter, id: randomUUID(), reason: 'poison' });
  const discard = (token: string) =>
    requestTo(guarded)
      .post('/api/dead-letters/discard')
      .set('Authorization', `Bearer ${token}`)
      .send({ matching: {}, reason: 'a test' });

  await refused(discard('viewer-token'), 403);
  expect((await discard('operator-token')).status).toBe(200);
  const trail = await requestTo(guarded).get('/api/dead-letters/acts').set('Authorization', 'Bearer viewer-token');
  expect(trail.body).toMatchObject({ items: [{ who: 'operator at night', letters: 1 }] });
});
