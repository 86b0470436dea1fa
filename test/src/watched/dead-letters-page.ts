import type { DeadLetter, DeadLetterAct, DeadLetterDetail } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { leaveDeadLetter } from '../pages.js';
import { factsOf } from './reading.js';
import type { WatchedStack } from './watched-stack.js';

/** What services gave up on, and what people did about it. */
export function deadLettersPage(given: () => WatchedStack): void {
  const letters = async (query = '') =>
    (await given().ask<{ items: DeadLetter[] }>(`/api/dead-letters?${query}`)).items;
  const newestAct = async () => (await given().ask<{ items: DeadLetterAct[] }>('/api/dead-letters/acts')).items[0];
  const trail = () => given().page.locator('section[aria-labelledby=trail] tbody tr');
  const act = async (button: string, reason: string) => {
    const { page } = given();
    await page.getByRole('button', { name: button }).click();
    await page.getByLabel('Reason, for those who read this later').fill(reason);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: button.startsWith('Discard') ? 'Discard' : 'Re-drive' }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  test('a letter tells why, how often it was tried, the error, the event and the message', async () => {
    const { page, open, ask, stack } = given();
    for (const place of [1, 2, 3, 4, 5]) await leaveDeadLetter(stack, `the disk was full, try ${place}`);
    const [newest] = await letters();
    const letter = await ask<DeadLetterDetail>(`/api/dead-letters/${newest?.id}`);
    await open('/dead-letters');
    await page.getByRole('link', { name: newest?.message ?? '?' }).click();

    await page.getByRole('heading', { level: 1, name: letter.message }).waitFor();
    expect(await factsOf(page.locator('dl'))).toMatchObject({
      'Dead letter': letter.id,
      'Given up by': letter.consumer,
      Why: `can never work, tried once`,
      Event: letter.subject,
      'Event id': letter.eventId,
      About: letter.event?.event.subject,
      'Given up on this event': `${letter.deaths} times`,
      State: 'open',
    });
    expect(JSON.parse(await page.getByRole('figure', { name: 'The event' }).innerText())).toEqual(letter.event?.event);
  });

  test('several are discarded at once with one reason, and the trail says by whom, how many and why', async () => {
    const { page, open } = given();
    const [first, second, ...others] = await letters('state=open');
    await open('/dead-letters?state=open');
    for (const letter of [first, second]) await page.getByLabel(`Choose: ${letter?.message}`).check();

    await act('Discard chosen (2)', 'the disk is gone');

    await expect
      .poll(async () => (await letters('state=open')).map(({ id }) => id))
      .toEqual(others.map(({ id }) => id));
    const discarded = await letters('state=discarded');
    expect(new Set(discarded.map(({ id }) => id))).toEqual(new Set([first?.id, second?.id]));
    const done = await newestAct();
    expect(done).toMatchObject({ act: 'discard', letters: 2, reason: 'the disk is gone', matching: null });
    await expect
      .poll(() => trail().first().innerText())
      .toMatch(new RegExp(`${done?.who}\\s+discarded\\s+2\\s+one by one\\s+the disk is gone`));
    await page.getByLabel('State').selectOption('discarded');
    await page.getByText('the disk is gone').first().waitFor();
  });

  test('all that match a filter are re-driven at once, and each event is published once more', async () => {
    const { page, open, stack } = given();
    const left = await letters('state=open&consumer=preprocessor');
    await open('/dead-letters');
    await page.getByLabel('Given up by').selectOption('preprocessor');

    await act(`Re-drive all ${left.length} that match`, 'the disk is mended');

    await expect.poll(() => letters('state=open')).toEqual([]);
    expect((await letters('state=redriven')).map(({ id }) => id).sort()).toEqual(left.map(({ id }) => id).sort());
    const [event] = await stack.query<{ published: Date | null; redrives: number }>(
      'SELECT published_at AS published, redrives FROM event WHERE id = $1',
      [left[0]?.eventId],
    );
    expect(event?.redrives).toBeGreaterThan(0);
    const done = await newestAct();
    expect(done).toMatchObject({ act: 'redrive', letters: left.length, matching: { consumer: 'preprocessor' } });
    await expect.poll(() => trail().first().innerText()).toMatch(/re-driven\s+3\s+preprocessor\s+the disk is mended/);
  });
}
