import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import type { GraphVariant } from './graph-variant.js';

/** The machine and library that a timing holds for. */
export function timingKey(library: string, threads: number): string {
  return `${library}, ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${threads} threads`;
}

type Choices = Readonly<Record<string, GraphVariant>>;

/**
 * What a timing on this machine chose before. Remembered, because the variants differ in the last bits: a service that is
 * started again must give the bytes that it gave before, however busy the machine is just then.
 */
export async function rememberedVariant(cacheDir: string, key: string): Promise<GraphVariant | undefined> {
  const choice = (await readChoices(cacheDir))[key];
  return choice === 'plain' || choice === 'winograd' ? choice : undefined;
}

/** Keeps a choice; the first one that was kept stays, also when two services start at once. */
export async function rememberVariant(cacheDir: string, key: string, variant: GraphVariant): Promise<GraphVariant> {
  const kept = await rememberedVariant(cacheDir, key);
  if (kept !== undefined) return kept;
  const file = choicesFile(cacheDir);
  const aside = `${file}.${randomUUID()}`;
  await mkdir(cacheDir, { recursive: true });
  await writeFile(aside, `${JSON.stringify({ ...(await readChoices(cacheDir)), [key]: variant }, null, 2)}\n`);
  await rename(aside, file);
  return variant;
}

function choicesFile(cacheDir: string): string {
  return path.join(cacheDir, 'backbone-variants.json');
}

/** Nothing, where the file is absent or damaged: the timing is simply done again. */
async function readChoices(cacheDir: string): Promise<Choices> {
  try {
    return JSON.parse(await readFile(choicesFile(cacheDir), 'utf8')) as Choices;
  } catch {
    return {};
  }
}
