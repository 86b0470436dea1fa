import type { EventKind, RecordedEvent } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { xvisionJson } from '../xvision.js';
import { factsOf } from './reading.js';
import { imagesOf, type WatchedStack } from './watched-stack.js';

interface Events {
  readonly items: readonly RecordedEvent[];
}

const idsOf = ({ items }: Events) => items.map(({ event }) => event.id);

/** The log of events, and what happened to one thing. */
export function eventsPages(given: () => WatchedStack): void {
  const shown = () =>
    given()
      .page.locator('main table tbody th a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1)));

  test('the log is filtered by stream and by kind as the API filters it, and Older goes on where it ended', async () => {
    const { page, open, ask } = given();
    const { items: kinds } = await ask<{ items: EventKind[] }>('/api/events/kinds');
    await open('/events');
    await expect.poll(shown).toEqual(idsOf(await ask('/api/events')));
    const streams = await page.getByLabel('Stream', { exact: true }).locator('option').allInnerTexts();
    expect(streams.slice(1)).toEqual([...new Set(kinds.map(({ stream }) => stream))]);

    await page.getByLabel('Stream', { exact: true }).selectOption('XV_IMAGES');
    const images = await ask<Events & { next: string }>('/api/events?stream=XV_IMAGES');
    await expect.poll(shown).toEqual(idsOf(images));
    expect(new Set(images.items.map(({ stream }) => stream))).toEqual(new Set(['XV_IMAGES']));
    await page.getByRole('link', { name: 'Older' }).click();
    await expect.poll(shown).toEqual(idsOf(await ask(`/api/events?stream=XV_IMAGES&cursor=${images.next}`)));
    expect(new URL(page.url()).searchParams.get('stream')).toBe('XV_IMAGES');

    await page.getByLabel('Stream', { exact: true }).selectOption({ label: 'any' });
    await page.getByLabel('Kind').selectOption('xv.model.evaluated.v1');
    const evaluated = await ask<Events>('/api/events?subject=xv.model.evaluated.v1');
    await expect.poll(shown).toEqual(idsOf(evaluated));
    await page.reload();
    await expect.poll(shown).toEqual(idsOf(evaluated));
  });

  test('the path of an image is a timeline from its first event to its last, and the data of each can be opened', async () => {
    const { page, open, ask, crossed } = given();
    const image = (await imagesOf(given(), crossed)).find(({ stage }) => stage === 'extracted');
    const { items } = await ask<Events>(`/api/events?about=${image?.id}&order=oldest`);
    await open('/events');
    await page.getByLabel('About (image, run, collection or model)').fill(` ${image?.id} `);
    await page.getByRole('button', { name: 'Find' }).click();

    const steps = page.locator('.timeline > li');
    await expect.poll(() => steps.locator('.step a').allInnerTexts()).toEqual(items.map(({ event }) => event.type));
    const times = await steps.locator('time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
    expect(times).toEqual(items.map(({ event }) => event.time).sort());
    for (const [place, { event }] of items.entries()) {
      await steps.nth(place).locator('summary').click();
      const data = await steps.nth(place).getByRole('figure', { name: 'Data' }).innerText();
      expect(JSON.parse(data)).toEqual(event.data);
    }
    await page.getByRole('link', { name: 'as an image' }).click();
    await page.waitForURL(`**/images/${image?.id}`);
  });

  test('the path of a run tells each of its steps, its epochs as one', async () => {
    const { page, open, ask, other } = given();
    const { items } = await ask<Events>(`/api/events?about=${other.id}&order=oldest`);
    const types = items.map(({ event }) => event.type);
    const told = types.filter((type, place) => type !== 'xv.epoch.completed.v1' || types[place - 1] !== type);
    await open(`/events?about=${other.id}`);

    await expect.poll(() => page.locator('.timeline .step a').allInnerTexts()).toEqual(told);
    await page.getByRole('link', { name: 'as a run' }).click();
    await page.waitForURL(`**/runs/${other.id}`);
  });

  test('an opened event shows its data, its place in the stream, and leads to what it is about', async () => {
    const { page, open, ask, crossed } = given();
    const { items } = await ask<Events>(`/api/events?about=${crossed.id}&subject=xv.run.requested.v1`);
    const [recorded] = items;
    await open(`/events?subject=xv.run.requested.v1&about=${crossed.id}`);
    await page.locator('.timeline .step a').first().click();
    await page.waitForURL(`**/events/${recorded?.event.id}`);

    await page.getByRole('heading', { level: 1, name: 'xv.run.requested.v1' }).waitFor();
    expect(await factsOf(page.locator('dl'))).toMatchObject({
      'Event id': recorded?.event.id,
      'Said by': recorded?.event.source,
      About: crossed.id,
      'Number in the outbox': recorded?.sequence,
      'Place in the stream': `${recorded?.stream} ${recorded?.streamSequence}`,
    });
    expect(JSON.parse(await page.getByRole('figure', { name: 'Data' }).innerText())).toEqual(recorded?.event.data);
  });

  test('while it is watched live, each new event of the kind comes in at the top by itself', async () => {
    const { page, open, ask, stack } = given();
    await open('/events?subject=xv.dataset.frozen.v1');
    await page.getByLabel('Live').check();
    await page.getByText('watching', { exact: true }).waitFor();
    expect(await shown()).toEqual([]);

    const frozen = async () => idsOf(await ask('/api/events?subject=xv.dataset.frozen.v1'));
    const before = await frozen();
    const small = ['train', '--task', 'nodule', '--head', 'logistic', '--cv', '4', '--collection', 'jsrt'];
    await xvisionJson(small, stack);

    const added = (await frozen()).filter((id) => !before.includes(id));
    expect(added.length).toBe(1);
    await expect.poll(shown).toEqual(added);
  });
}
