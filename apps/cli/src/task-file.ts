import { readFile } from 'node:fs/promises';
import { type Task, taskSchema } from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import { parse } from 'yaml';
import { z } from 'zod';
import { UsageError } from './failure.js';

/** A preset by name, else a YAML or JSON file. Throws {@link UsageError} that names the presets or every fault of the file. */
export async function readTask(nameOrFile: string): Promise<Task> {
  const preset = Object.values(presetTasks).find((task) => task.name === nameOrFile);
  if (preset !== undefined) return preset;
  const text = await readFile(nameOrFile, 'utf8').catch(() => {
    const names = Object.keys(presetTasks).join(', ');
    throw new UsageError(`there is no task "${nameOrFile}": neither a preset (${names}) nor a YAML or JSON file`);
  });
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new UsageError(`${nameOrFile} is neither YAML nor JSON`, { cause: error });
  }
  const task = taskSchema.safeParse(document);
  if (!task.success) throw new UsageError(`${nameOrFile} is not a task\n${z.prettifyError(task.error)}`);
  return task.data;
}
