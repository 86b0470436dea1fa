import { readFile } from 'node:fs/promises';
import { type Collection, type CollectionRequestInput, type DumpRecord, dumpRecordSchema } from '@xvision/contracts';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { settled } from '../follow.js';
import { readFolder } from '../manifest.js';
import { positiveInteger } from '../options.js';
import { openProgress } from '../progress.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';

function describeCollection(collection: Collection): string {
  const { collected, prepared, rejected, extracted } = collection.counts;
  const synthetic = collection.synthetic ? ' (synthetic)' : '';
  const message = collection.message === null ? '' : `\n${collection.message}`;
  return `collection ${collection.name}${synthetic}: ${collected} collected, ${prepared} prepared, ${rejected} rejected, ${extracted} with features\nid ${collection.id}${message}`;
}

interface Waiting {
  readonly wait: boolean;
}

async function finish(
  { context, api, wait }: Waiting & { context: Context; api: ApiClient },
  asked: Collection,
): Promise<void> {
  const progress = openProgress(context.output, context.stderr);
  const [collection = asked] = wait ? await settled(api, [asked.id], progress) : [asked];
  progress.stop();
  context.output.result(collection, describeCollection);
}

/** The seed project's `labels.json`: records by id. */
export async function readDump(file: string): Promise<DumpRecord[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read`, { cause: error });
  });
  const shape = z.record(z.string(), dumpRecordSchema.omit({ id: true }));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON`, { cause: error });
  }
  const dump = shape.safeParse(document);
  if (!dump.success)
    throw new CommandError(
      `${file} is not a labels dump ({"1": {"items": [...], "img": "https://..."}, ...})\n${z.prettifyError(dump.error)}`,
    );
  return Object.entries(dump.data).map(([id, record]) => ({ id, ...record }));
}

/** Open-i as the scraper of the running stack reaches it; a harvest asked for again goes on where it stopped. */
export function openiRequest(options: { query?: string; limit?: number; name?: string }): CollectionRequestInput {
  const { query, limit } = options;
  const parts = ['openi', query?.replaceAll(/[^\w.-]/g, '-'), limit === undefined ? undefined : String(limit)];
  return {
    source: 'openi',
    name: options.name ?? parts.filter((part) => part !== undefined).join('-'),
    ...(query === undefined ? {} : { query }),
    ...(limit === undefined ? {} : { limit }),
  };
}

const noWait = () => new Option('--no-wait', 'return as soon as the request is accepted');
const nameOption = () => new Option('--name <name>', 'name of the collection; by default made of its content or query');

function addFolder(collect: Command, context: Context, source: 'folder' | 'dicom'): void {
  collect
    .command(source)
    .description(
      source === 'folder'
        ? 'PNG, JPEG and DICOM files of a folder'
        : 'DICOM files of a folder; they are de-identified on entry',
    )
    .argument('<dir>', 'folder with the images')
    .option(
      '--labels <file.csv>',
      'what is known about the images: a file column, a label column or one column per finding',
    )
    .addOption(nameOption())
    .addOption(noWait())
    .addHelpText('after', `\nExample:\n  xvision collect ${source} ./radiographs --labels ./labels.csv`)
    .action(async (dir: string, options: { labels?: string; name?: string } & Waiting) => {
      const records = await readFolder(dir, options.labels);
      await withApi(context, async (api) => {
        const progress = openProgress(context.output, context.stderr);
        const asked = await collectFiles(api, records, { folder: dir, source, name: options.name, progress });
        progress.stop();
        await finish({ context, api, ...options }, asked);
      });
    });
}

export function addCollect(program: Command, context: Context): void {
  const collect = program.command('collect').description('ask the scraper for images and labels');
  collect
    .command('openi')
    .description('radiographs and reports of the Indiana University collection through the Open-i API')
    .option('--query <text>', 'only records that match this search')
    .option('--limit <n>', 'at most this many images', positiveInteger)
    .option('--resume', 'go on with a harvest that failed or was stopped (asking again always does)')
    .addOption(nameOption())
    .addOption(noWait())
    .addHelpText('after', '\nExample:\n  xvision collect openi --query nodule --limit 200')
    .action((options: { query?: string; limit?: number; name?: string } & Waiting) =>
      withApi(context, async (api) => finish({ context, api, ...options }, await api.collect(openiRequest(options)))),
    );
  addFolder(collect, context, 'folder');
  addFolder(collect, context, 'dicom');
  collect
    .command('dump')
    .description("a labels.json in the seed project's format; the images are fetched from Open-i")
    .argument('<file.json>')
    .option('--limit <n>', 'only the first so many records', positiveInteger)
    .addOption(nameOption())
    .addOption(noWait())
    .addHelpText('after', '\nExample:\n  xvision collect dump labels.json --limit 100')
    .action(async (file: string, options: { limit?: number; name?: string } & Waiting) => {
      const records = (await readDump(file)).slice(0, options.limit);
      await withApi(context, async (api) => {
        const name = options.name ?? `dump-${records.length}`;
        await finish({ context, api, ...options }, await api.collect({ source: 'dump', name, records }));
      });
    });
}
