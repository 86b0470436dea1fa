import { type Pipeline, pipelineSchema, type System, systemSchema } from '@xvision/contracts';
import type { StackRecord } from '@xvision/local-stack';
import { findRunningStack } from '@xvision/local-stack';
import type { Command } from 'commander';
import { connectApi } from '../api-client.js';
import type { Context } from '../context.js';
import { table } from '../output.js';
import { homeOf } from '../with-api.js';

interface ServiceState {
  readonly name: string;
  readonly ready: boolean;
}

interface Status {
  readonly running: boolean;
  readonly apiUrl: string | null;
  readonly services: readonly ServiceState[];
  readonly pipeline: Pipeline | null;
  readonly system: System | null;
}

function servicesOf(record: StackRecord): Promise<ServiceState[]> {
  return Promise.all(
    record.services.map(async ({ name, healthUrl }) => {
      const answer = await fetch(`${healthUrl}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      return { name, ready: answer?.ok === true };
    }),
  );
}

async function look(context: Context): Promise<Status> {
  const { environment } = context;
  const record = await findRunningStack(homeOf(context));
  const url = environment['XVISION_URL'] ?? record?.apiUrl;
  if (url === undefined) return { running: false, apiUrl: null, services: [], pipeline: null, system: null };
  const api = connectApi({
    url,
    token: environment['XVISION_TOKEN'],
    signal: context.interrupted,
    note: context.output.note,
  });
  const [services, pipeline, system] = await Promise.all([
    record === undefined ? [] : servicesOf(record),
    api.get('/api/pipeline', pipelineSchema),
    api.get('/api/system', systemSchema),
  ]);
  return { running: true, apiUrl: url, services, pipeline, system };
}

function describe({ apiUrl, services, pipeline, system }: Status): string {
  if (pipeline === null || system === null) return 'no stack is running; start one with "xvision up" or "npm run demo"';
  const lag = pipeline.consumers ?? [];
  return [
    `API and dashboard: ${apiUrl}`,
    `version ${system.version}, Node ${system.node}, PostgreSQL ${system.postgres}, nats-server ${system.nats ?? 'does not answer'}`,
    '',
    table(
      ['service', ''],
      services.map((one) => [one.name, one.ready ? 'ready' : 'NOT READY']),
    ),
    '',
    table(
      ['consumer', 'lag', 'redelivered'],
      lag.map((one) => [one.consumer, one.pending + one.ackPending, one.redelivered]),
    ),
    '',
    `outbox: ${pipeline.outbox.unpublished} waiting; dead letters: ${pipeline.deadLettersOpen} open`,
  ].join('\n');
}

export function addStatus(program: Command, context: Context): void {
  program
    .command('status')
    .description('what runs, lag per consumer, versions')
    .addHelpText('after', '\nExample:\n  xvision status --json')
    .action(async () => context.output.result(await look(context), describe));
}
