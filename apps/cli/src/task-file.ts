import { readFile } from 'node:fs/promises';
import { type Task, taskSchema } from '@xvision/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { UsageError } from './failure.js';

/** A task from a YAML or JSON file; undefined where there is no such file. Throws {@link UsageError} with every fault of the file. */
export async function readTaskFile(file: string): Promise<Task | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new UsageError(`${file} is neither YAML nor JSON`, { cause: error });
  }
  const task = taskSchema.safeParse(document);
  if (!task.success) throw new UsageError(`${file} is not a task\n${z.prettifyError(task.error)}`);
  return task.data;
}
