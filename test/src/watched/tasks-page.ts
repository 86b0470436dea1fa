import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageDetail, runReportSchema, type Task, type TaskDetail, type TaskPreview } from '@xvision/contracts';
import { expect, test } from 'vitest';
import { shared } from '../test-stack.js';
import { xvisionJson } from '../xvision.js';
import { cellsOf, imageIds } from './reading.js';
import type { WatchedStack } from './watched-stack.js';

/** A rule is written anew on the page, and every count, change and example is the API's; then what it was trained on. */
export function tasksPage(given: () => WatchedStack): void {
  const counts = () => given().page.locator('section[aria-labelledby=counts] table');
  const changes = () => given().page.locator('section[aria-labelledby=changes]');

  test('the counts follow the rule as it is written, and its examples are images that it is true of', async () => {
    const { page, open, ask } = given();
    const { task } = await ask<TaskDetail>('/api/tasks/nodule');
    const rows = (preview: TaskPreview) => [
      ...preview.classes.map(({ name, images }) => [name, String(images), '']),
      ['takes no part', String(preview.unlabelled.images), ''],
    ];
    await open('/tasks/nodule');
    await expect.poll(() => cellsOf(counts())).toEqual(rows(await ask('/api/tasks/preview', { task })));
    await changes().getByText('No label changes.').waitFor();

    await page
      .getByRole('group', { name: /^2\. nodule/ })
      .getByRole('textbox', { name: /^Terms/ })
      .fill('scoliosis');

    const [normal, nodule] = task.classes;
    const edited: Task = {
      ...task,
      classes: [normal!, { ...nodule!, rule: { kind: 'mesh-contains', anyOf: ['scoliosis'] } }],
    };
    const preview = await ask<TaskPreview>('/api/tasks/preview', { task: edited, against: task });
    await expect.poll(() => cellsOf(counts())).toEqual(rows(preview));
    const examples = await imageIds(
      counts()
        .getByRole('row', { name: /^nodule/ })
        .getByRole('link'),
    );
    expect(examples).toEqual(preview.classes[1]?.examples);
    for (const id of examples) {
      const { labels } = await ask<ImageDetail>(`/api/images/${id}`);
      expect(labels.label === 'nodule' || labels.mesh?.some((term) => /scoliosis/i.test(term))).toBe(true);
    }
  });

  test('whose labels change against the saved rule is told by number, by example, and by which way', async () => {
    const { page, ask, stack } = given();
    const { task } = await ask<TaskDetail>('/api/tasks/nodule');
    const holding = async (term: string) =>
      Number(
        (
          await stack.query<{ images: string }>(
            "SELECT count(*) AS images FROM image WHERE view <> 'lateral' AND labels ->> 'mesh' ILIKE $1",
            [`%${term}%`],
          )
        )[0]?.images,
      );
    const table = changes().locator('table');
    const expected = [
      ['nodule', 'takes no part', String(await holding('nodule')), ''],
      ['takes no part', 'nodule', String(await holding('scoliosis')), ''],
    ].sort((a, b) => Number(b[2]) - Number(a[2]));
    await expect.poll(() => cellsOf(table)).toEqual(expected);

    await page.getByRole('button', { name: 'Back to the saved rule' }).click();
    await changes().getByText('No label changes.').waitFor();
    expect((await ask<TaskDetail>('/api/tasks/nodule')).task).toEqual(task);
  });

  test('the split says what is tested at a time, and by whom a class is too small for it', async () => {
    const { page, ask } = given();
    const { task } = await ask<TaskDetail>('/api/tasks/nodule');
    const { classes } = await ask<TaskPreview>('/api/tasks/preview', { task });
    const all = classes.reduce((sum, { images }) => sum + images, 0);
    const told = (share: number) =>
      page.getByText(`About ${Math.round(all * share)} of ${all} images are tested at a time.`).waitFor();
    const dealt = page.getByRole('group', { name: 'Split' });

    await dealt.getByLabel('Folds').fill('4');
    await told(1 / 4);
    await dealt.getByLabel('How images are dealt out, by patient').selectOption('one hold-out');
    await dealt.getByLabel('Share that is tested').fill('0.3');
    await told(0.3);
    expect(await page.getByText('a test without it says nothing').count()).toBe(0);

    await page
      .getByRole('group', { name: /^1\. normal/ })
      .getByLabel('Recognised by')
      .selectOption('label-only');
    await page
      .getByRole('group', { name: /^1\. normal/ })
      .getByRole('textbox', { name: 'Class' })
      .fill('nothing');
    await page.getByText('nothing has only 0: a test without it says nothing.').waitFor();
  });

  test('a leak that was allowed stands beside its dataset in the words of the check, and no other dataset has one', async () => {
    const { page, open, ask, stack, crossed } = given();
    const twins = path.join(stack.folder, 'twins');
    const images = path.join(shared ?? '', 'data', 'jsrt128', 'images');
    await mkdir(twins);
    for (const [copy, from] of TWINS) await cp(path.join(images, from), path.join(twins, copy));
    const labels = ['file,label,patient', ...TWINS.map(([copy, , label], n) => `${copy},${label},other-${n}`)];
    await writeFile(path.join(stack.folder, 'twins.csv'), `${labels.join('\n')}\n`);
    const known = ['--labels', path.join(stack.folder, 'twins.csv'), '--name', 'twins'];
    await xvisionJson(['collect', 'folder', twins, ...known], stack);
    const leaky = ['train', '--task', 'nodule', '--head', 'logistic', '--cv', '3', '--allow-leaks'];
    const report = runReportSchema.parse(await xvisionJson(leaky, stack));
    const { datasets } = await ask<TaskDetail>('/api/tasks/nodule');
    await open('/tasks/nodule');

    const table = page.locator('section[aria-labelledby=datasets] table');
    await expect
      .poll(async () => (await cellsOf(table)).map((cells) => cells.slice(0, 5)))
      .toEqual(
        datasets.map((one) => [
          one.sha256.slice(0, 12),
          String(one.images),
          String(one.patients),
          Object.entries(one.perClass)
            .map(([name, n]) => `${name} ${n}`)
            .join(', '),
          one.leaks.length === 0 ? 'none found' : one.leaks.join('; '),
        ]),
      );
    const leaksOf = (sha256: string | undefined) => datasets.find((one) => one.sha256 === sha256)?.leaks;
    expect(leaksOf(report.dataset)?.length).toBeGreaterThan(0);
    expect(leaksOf(crossed.report?.dataset)).toEqual([]);
  });
}

/** Pictures that are collected already, under the names of other patients. */
const TWINS = [
  ['a.png', 'JPCLN001.png', 'nodule'],
  ['b.png', 'JPCLN002.png', 'nodule'],
  ['c.png', 'JPCNN001.png', 'normal'],
  ['d.png', 'JPCNN002.png', 'normal'],
] as const;
