import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Home } from './home.js';

/** What one command writes about the stack it runs, so that the next finds it. */
export interface StackRecord {
  /** The process that supervises the services. */
  readonly pid: number;
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly services: readonly { readonly name: string; readonly healthUrl: string }[];
  readonly startedAt: string;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readStackRecord(home: Home): StackRecord | undefined {
  try {
    return JSON.parse(readFileSync(home.stackFile, 'utf8')) as StackRecord;
  } catch {
    return undefined;
  }
}

export function writeStackRecord(home: Home, record: StackRecord): void {
  writeFileSync(`${home.stackFile}.new`, JSON.stringify(record, undefined, 2));
  renameSync(`${home.stackFile}.new`, home.stackFile);
}

export function removeStackRecord(home: Home): void {
  rmSync(home.stackFile, { force: true });
}

async function answers({ healthUrl }: StackRecord['services'][number]): Promise<boolean> {
  const answer = await fetch(`${healthUrl}/livez`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return answer?.ok === true;
}

/** The stack that runs in this home: its supervisor lives and at least one service answers; undefined when there is none. */
export async function findRunningStack(home: Home): Promise<StackRecord | undefined> {
  const record = readStackRecord(home);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  const alive = await Promise.all(record.services.map(answers));
  return alive.includes(true) ? record : undefined;
}
