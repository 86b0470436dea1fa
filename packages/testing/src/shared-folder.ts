import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds package.json and turbo.json. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'turbo.json')) || !existsSync(path.join(folder, 'package-lock.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no turbo.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

/**
 * The folder with real radiographs, weights and oracles beside the project, or undefined where it is absent
 * (such tests then say so and skip). In CI an absent folder is a failure, never a skip.
 */
export function sharedFolder(): string | undefined {
  const folder = path.join(projectRoot(), '..', 'shared');
  if (existsSync(path.join(folder, 'data', 'README.md'))) return folder;
  if (process.env['CI'] !== undefined) throw new Error(`CI needs the shared data in ${folder}`);
  return undefined;
}
