import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Task, taskSchema } from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import { temporaryFolder } from '@xvision/testing';
import { describe, expect, test } from 'vitest';
import type { Context } from './context.js';
import { savedTask, taskAtHand } from './find-task.js';

const task = (name: string, views: Task['views'] = ['frontal']): Task =>
  taskSchema.parse({
    name,
    views,
    classes: ['normal', name].map((one) => ({ name: one, rule: { kind: 'label-only' } })),
  });

const catalogue = (...tasks: Task[]) => ({
  all: async function* () {
    yield* tasks;
  } as never,
});

const contextOf = (home: string, environment: Record<string, string> = {}) =>
  ({ environment: { XVISION_HOME: home, ...environment } }) as unknown as Context;

describe('a task of the command line', () => {
  test('is a file before it is anything else, and then nobody is asked', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.path, 'mine.json');
    await writeFile(file, JSON.stringify(task('mine')));

    expect(await taskAtHand(contextOf(folder.path, { XVISION_URL: 'http://127.0.0.1:9' }), file)).toEqual(task('mine'));
  });

  test('is a preset as it comes where nothing was ever saved', async () => {
    await using folder = await temporaryFolder();

    expect(await taskAtHand(contextOf(folder.path), 'nodule')).toEqual(presetTasks['nodule']);
    await expect(taskAtHand(contextOf(folder.path), 'heart')).rejects.toThrow(
      'neither a preset (nodule, abnormal, cardiomegaly, pneumonia, seed) nor a YAML or JSON file, and nothing was saved yet',
    );
  });

  test('is left to the catalogue where there is one, even a preset: a newer version may have been saved', async () => {
    await using folder = await temporaryFolder();
    await mkdir(path.join(folder.path, 'postgres'));

    expect(await taskAtHand(contextOf(folder.path), 'nodule')).toBeUndefined();
    expect(await taskAtHand(contextOf(folder.path), 'heart')).toBeUndefined();
  });

  test('is the newest version that was saved under its name; another name is told what there is', async () => {
    const api = catalogue(task('nodule', ['lateral']), task('heart'));

    expect(await savedTask(api, 'nodule')).toMatchObject({ views: ['lateral'] });
    await expect(savedTask(api, 'hart')).rejects.toThrow('nor one of the catalogue (nodule, heart)');
  });
});
