import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where the local stack keeps everything it makes; deleting the folder forgets all of it and nothing else. */
export interface Home {
  readonly root: string;
  /** Blobs and quarantine. */
  readonly store: string;
  readonly postgres: string;
  readonly nats: string;
  readonly logs: string;
  /** Who runs here, for other commands to find. */
  readonly stackFile: string;
  /** Who starts a stack here at this moment. */
  readonly startClaim: string;
}

/** The folder that holds apps/ and packages/. */
export const projectRoot = path.resolve(import.meta.dirname, '../../../..');

/** The process that a service is: built from `apps/<name>`. Throws when the project is not built. */
export function serviceEntry(name: string): string {
  const entry = path.join(projectRoot, 'apps', name, 'dist', 'main.js');
  if (!existsSync(entry)) {
    throw new Error(`the ${name} service is not built (${entry} is missing). Run: npm ci && npm run build`);
  }
  return entry;
}

/** Makes the folders of a local stack; `root` defaults to `.xvision/stack` inside the project. */
export function openHome(root: string = path.join(projectRoot, '.xvision', 'stack')): Home {
  const folder = path.resolve(root);
  const home = {
    root: folder,
    store: path.join(folder, 'store'),
    postgres: path.join(folder, 'postgres'),
    nats: path.join(folder, 'nats'),
    logs: path.join(folder, 'logs'),
    stackFile: path.join(folder, 'stack.json'),
    startClaim: path.join(folder, 'stack.starting'),
  };
  for (const made of [home.store, home.nats, home.logs]) mkdirSync(made, { recursive: true });
  return home;
}
