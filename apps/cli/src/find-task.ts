import { existsSync } from 'node:fs';
import { type Task, taskSchema } from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import { findRunningStack } from '@xvision/local-stack';
import type { ApiClient } from './api-client.js';
import type { Context } from './context.js';
import { UsageError } from './failure.js';
import { readTaskFile } from './task-file.js';
import { homeOf, withApi } from './with-api.js';

/** What `--task` takes, for the help of a command. */
export const TASK_HELP = 'a task by name (see "xvision tasks": presets and what was saved), or a YAML or JSON file';

/** Whether there is a catalogue, be it asleep, in which tasks may have been saved. */
export async function hasCatalogue(context: Context): Promise<boolean> {
  const home = homeOf(context);
  return (
    context.environment['XVISION_URL'] !== undefined ||
    (await findRunningStack(home)) !== undefined ||
    existsSync(home.postgres)
  );
}

/**
 * A task as far as nothing need be asked: a file, or a preset where no catalogue can hold a newer version of it. Undefined:
 * {@link savedTask} knows. Throws {@link UsageError} when it is neither and there is nobody to ask.
 */
export async function taskAtHand(context: Context, nameOrFile: string): Promise<Task | undefined> {
  const preset = Object.values(presetTasks).find(({ name }) => name === nameOrFile);
  if (preset === undefined) {
    const fromFile = await readTaskFile(nameOrFile);
    if (fromFile !== undefined) return fromFile;
  }
  if (await hasCatalogue(context)) return undefined;
  if (preset !== undefined) return preset;
  const names = Object.keys(presetTasks).join(', ');
  throw new UsageError(
    `there is no task "${nameOrFile}": neither a preset (${names}) nor a YAML or JSON file, and nothing was saved yet`,
  );
}

/** The newest version of a task by its name. Throws {@link UsageError} that lists what there is. */
export async function savedTask(api: Pick<ApiClient, 'all'>, name: string): Promise<Task> {
  const names: string[] = [];
  for await (const task of api.all('/api/tasks', taskSchema)) {
    if (task.name === name) return task;
    names.push(task.name);
  }
  throw new UsageError(
    `there is no task "${name}": neither a YAML or JSON file nor one of the catalogue (${names.join(', ')})`,
  );
}

/** For a command that needs nothing else of a stack. */
export async function findTask(context: Context, nameOrFile: string): Promise<Task> {
  return (await taskAtHand(context, nameOrFile)) ?? (await withApi(context, (api) => savedTask(api, nameOrFile)));
}
