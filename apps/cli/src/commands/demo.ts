import { renderReport } from '@xvision/evaluation';
import { presetTasks } from '@xvision/learning';
import { DEFAULT_API_PORT, portIsFree } from '@xvision/local-stack';
import { probeOpenI, startSimulator } from '@xvision/openi';
import type { Command } from 'commander';
import { connectApi } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { evaluated, settled } from '../follow.js';
import { wholeNumber } from '../options.js';
import { openProgress } from '../progress.js';
import { reportOf } from '../report.js';
import { untilInterrupted } from '../until-interrupted.js';
import { startLocalStack } from '../with-api.js';

/** How long the live site has to answer as expected before the simulator takes its place. */
const PROBE_TIMEOUT_MS = 20_000;

/** The two harvests of the demo: what the task calls nodule, and what it calls normal. */
const HARVESTS = [
  { query: 'nodule', limit: 100 },
  { query: 'normal', limit: 140 },
] as const;

const SIMULATED_PATIENTS = 120;
const SIMULATOR_SEED = 20_260;

interface Source extends AsyncDisposable {
  readonly name: string;
  /** Variables for the scraper; none for the live site. */
  readonly environment: Readonly<Record<string, string>>;
}

async function chooseSource({ output, environment }: Context): Promise<Source> {
  output.note('asking Open-i, the live collection');
  const baseUrl = environment['OPENI_URL'];
  const probe = await probeOpenI({ ...(baseUrl === undefined ? {} : { baseUrl }), timeoutMs: PROBE_TIMEOUT_MS });
  if (probe.ok) return { name: 'openi', environment: {}, [Symbol.asyncDispose]: () => Promise.resolve() };

  const simulator = await startSimulator({ port: 0, patients: SIMULATED_PATIENTS, seed: SIMULATOR_SEED });
  output.note(probe.reason);
  output.note(
    'SYNTHETIC: the Open-i simulator serves procedural radiograph phantoms instead; no number below says anything about patients',
  );
  return {
    name: 'openi-simulator',
    environment: { OPENI_URL: simulator.url },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

function nodule() {
  const task = presetTasks['nodule'];
  if (task === undefined) throw new CommandError('the preset task "nodule" is missing');
  return task;
}

/** The demo takes another port when the usual one is taken, since nobody asked for that one. */
async function choosePort({ output }: Context, asked: number | undefined): Promise<number> {
  if (asked !== undefined) return asked;
  if (await portIsFree(DEFAULT_API_PORT)) return DEFAULT_API_PORT;
  output.note(`port ${DEFAULT_API_PORT} is in use; taking a free one`);
  return 0;
}

async function demo(context: Context, options: { exit?: boolean; port?: number }): Promise<void> {
  const { output } = context;
  await using source = await chooseSource(context);
  const port = await choosePort(context, options.port);
  await using stack = await startLocalStack(context, {
    port,
    allowUntrained: true,
    serviceEnvironment: source.environment,
  });
  const url = stack.record.apiUrl;
  const api = connectApi({ url, signal: context.interrupted, note: context.output.note });
  output.note(`the pipeline is up; watch it at ${url}`);

  const progress = openProgress(output, context.stderr);
  try {
    const collections: string[] = [];
    for (const { query, limit } of HARVESTS) {
      const asked = await api.collect({ source: 'openi', name: `${source.name}-${query}-${limit}`, query, limit });
      collections.push(asked.id);
    }
    // The extractor says in the catalogue which weights it has; without pretrained ones the demo goes on, and the report says so.
    const asked = await api.startRun({ task: nodule(), collections, allowUntrained: true });
    await settled(api, collections, progress);
    const run = await evaluated(api, asked.id, progress);
    progress.stop();
    output.result(reportOf(run), (report) => `\n${renderReport(report)}\n\nDashboard: ${url}`);
  } finally {
    progress.stop();
  }
  if (options.exit === true) return;
  output.note(`the stack stays up; the dashboard is at ${url}. Ctrl-C ends everything.`);
  await untilInterrupted(context);
}

export function addDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .description('the main job on a small collection: harvest, prepare, extract, train, evaluate, report')
    .option('--exit', 'stop when the report is out, instead of staying up')
    .option('--port <n>', 'port of the API and the dashboard; 0 takes any free one', wholeNumber)
    .addHelpText('after', '\nExample:\n  xvision demo --exit')
    .action((options: { exit?: boolean; port?: number }) => demo(context, options));
}
