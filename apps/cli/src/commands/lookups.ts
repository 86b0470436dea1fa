import {
  deadLetterActionResultSchema,
  deadLetterSchema,
  imageSummarySchema,
  recordedEventSchema,
  type SourceLabels,
  type Task,
  taskSchema,
} from '@xvision/contracts';
import { presetTasks } from '@xvision/learning';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { hasCatalogue } from '../find-task.js';
import { collectValues, positiveInteger } from '../options.js';
import { table } from '../output.js';
import { withApi } from '../with-api.js';

const DEFAULT_LIMIT = 50;

async function take<Item>(items: AsyncIterable<Item>, limit: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
}

function labelText({ label, mesh, findings }: SourceLabels): string {
  if (label !== undefined) return label;
  if (mesh !== undefined) return mesh.join('; ');
  return Object.entries(findings ?? {})
    .filter(([, finding]) => finding === 'present')
    .map(([name]) => name)
    .join(', ');
}

/** The newest version of each, presets too; presets alone where nothing was ever saved. */
async function everyTask(context: Context): Promise<Task[]> {
  if (!(await hasCatalogue(context))) return Object.values(presetTasks);
  return await withApi(context, (api) => take(api.all('/api/tasks', taskSchema), Number.POSITIVE_INFINITY));
}

function addTasks(program: Command, context: Context): void {
  program
    .command('tasks')
    .description('the preset tasks and what was saved on the page; a task may be a YAML or JSON file as well')
    .addHelpText('after', '\nExample:\n  xvision tasks --json')
    .action(async () =>
      context.output.result(await everyTask(context), (tasks) =>
        table(
          ['task', 'classes', 'views', ''],
          tasks.map((task) => [
            task.name,
            task.classes.map((one) => one.name).join(', '),
            task.views.join(', '),
            task.description ?? '',
          ]),
        ),
      ),
    );
}

function addImages(program: Command, context: Context): void {
  program
    .command('images')
    .description('what is in the catalogue, newest first')
    .option('--limit <n>', `at most this many (default ${DEFAULT_LIMIT})`, positiveInteger)
    .addHelpText('after', '\nExample:\n  xvision images --limit 10')
    .action(({ limit = DEFAULT_LIMIT }: { limit?: number }) =>
      withApi(context, async (api) => {
        const images = await take(api.all('/api/images', imageSummarySchema), limit);
        context.output.result(images, (all) =>
          table(
            ['image', 'file', 'view', 'stage', 'label'],
            all.map((one) => [
              one.id,
              `${one.file}${one.synthetic ? ' (synthetic)' : ''}`,
              one.view,
              one.rejection?.reason ?? one.stage,
              labelText(one.labels),
            ]),
          ),
        );
      }),
    );
}

async function followEvents(context: Context, api: ApiClient): Promise<void> {
  for await (const data of api.events('/api/events/stream')) {
    const { event } = recordedEventSchema.parse(data);
    context.output.item(event, ({ time, type, subject }) => `${time}  ${type.padEnd(28)}  ${subject ?? ''}`);
  }
}

function addEvents(program: Command, context: Context): void {
  program
    .command('events')
    .description('the log of events, newest first; or, with --follow, as they happen')
    .option('--follow', 'stay and print each event as it happens')
    .option('--about <id>', 'only events about this image, run or model')
    .option('--limit <n>', `at most this many (default ${DEFAULT_LIMIT})`, positiveInteger)
    .addHelpText('after', '\nExample:\n  xvision events --follow')
    .action(({ follow, about, limit = DEFAULT_LIMIT }: { follow?: boolean; about?: string; limit?: number }) =>
      withApi(context, async (api) => {
        if (follow === true) {
          await followEvents(context, api);
          return;
        }
        const path = about === undefined ? '/api/events' : `/api/events?about=${encodeURIComponent(about)}`;
        const events = await take(api.all(path, recordedEventSchema), limit);
        context.output.result(events, (all) =>
          table(
            ['time', 'event', 'about'],
            all.map(({ event }) => [event.time, event.type, event.subject ?? '']),
          ),
        );
      }),
    );
}

interface DeadLetterOptions {
  readonly redrive?: string[];
  readonly discard?: string[];
  readonly reason?: string;
}

async function resolveDeadLetters(api: ApiClient, { redrive, discard, reason }: DeadLetterOptions): Promise<void> {
  if (redrive === undefined && discard === undefined) return;
  if (reason === undefined)
    throw new UsageError('--redrive and --discard need --reason: who reads the dead letters later wants to know why');
  if (redrive !== undefined)
    await api.post('/api/dead-letters/redrive', { ids: redrive, reason }, deadLetterActionResultSchema);
  if (discard !== undefined)
    await api.post('/api/dead-letters/discard', { ids: discard, reason }, deadLetterActionResultSchema);
}

function addDeadLetters(program: Command, context: Context): void {
  program
    .command('dead-letters')
    .description('events that a service gave up on, and why')
    .option('--redrive <id>', 'publish the event again; may be given several times', collectValues)
    .option('--discard <id>', 'close without doing anything; may be given several times', collectValues)
    .option('--reason <text>', 'why, for the record')
    .addHelpText(
      'after',
      '\nExample:\n  xvision dead-letters --redrive 0199c7e2-6f6e-7000-8000-000000000000 --reason "disk was full"',
    )
    .action((options: DeadLetterOptions) =>
      withApi(context, async (api) => {
        await resolveDeadLetters(api, options);
        const letters = await take(api.all('/api/dead-letters', deadLetterSchema), Number.POSITIVE_INFINITY);
        context.output.result(letters, (all) =>
          table(
            ['dead letter', 'consumer', 'event', 'why', 'state'],
            all.map((one) => [one.id, one.consumer, one.subject, one.message, one.state]),
          ),
        );
      }),
    );
}

export function addLookups(program: Command, context: Context): void {
  addTasks(program, context);
  addImages(program, context);
  addEvents(program, context);
  addDeadLetters(program, context);
}
