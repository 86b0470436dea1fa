import { access, constants } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { acquireWeights } from '@xvision/backbone';
import { askEngines } from '@xvision/engines';
import { cacheFolder, DEFAULT_API_PORT, findNatsServer, natsServerVersion, portIsFree } from '@xvision/local-stack';
import { probeOpenI } from '@xvision/openi';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CommandError, explain } from '../failure.js';
import { table } from '../output.js';
import { homeOf } from '../with-api.js';

interface Finding {
  readonly what: string;
  /** `missing` stops the main job; `absent` does not. */
  readonly state: 'ok' | 'missing' | 'absent';
  readonly detail: string;
}

const PROBE_TIMEOUT_MS = 5000;

async function finding(what: string, weight: 'missing' | 'absent', look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, state: 'ok', detail: await look() };
  } catch (error) {
    return { what, state: weight, detail: explain(error) };
  }
}

const HOW_TO_GET = {
  'onnx-cpu': 'npm ci installs it (onnxruntime-node)',
  'onnx-cuda':
    'on a machine with an NVIDIA GPU, CUDA and cuDNN: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  'onnx-webgpu': 'onnxruntime-node has no WebGPU for this platform',
  tensorflow: 'npm install @tensorflow/tfjs-node (native; see docs)',
  'tensorflow-gpu': 'npm install @tensorflow/tfjs-node-gpu on a machine with CUDA (native; see docs)',
} as const;
const ENGINES = Object.keys(HOW_TO_GET) as (keyof typeof HOW_TO_GET)[];

const silent = () => undefined;

function look(context: Context): Promise<Finding[]> {
  const { environment } = context;
  const cacheDir = cacheFolder(environment);
  const home = homeOf(context);
  const file = environment['XVISION_WEIGHTS'];
  const nativeModules = environment['XVISION_NATIVE_MODULES'];
  const engines = askEngines(nativeModules === undefined ? {} : { nativeModules });
  return Promise.all([
    finding(
      'Node.js',
      'missing',
      async () => `${process.version}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    ),
    finding('nats-server', 'missing', async () => {
      const given = environment['NATS_URL'];
      if (given !== undefined) return `NATS_URL ${given}`;
      const binary = await findNatsServer({ cacheDir, log: silent });
      return `${await natsServerVersion(binary)} at ${binary}`;
    }),
    finding('PostgreSQL', 'missing', async () =>
      environment['DATABASE_URL'] === undefined ? 'embedded' : 'DATABASE_URL',
    ),
    finding('VGG16 weights', 'missing', async () => {
      const weights = await acquireWeights({
        ...(file === undefined ? {} : { file }),
        cacheDir,
        allowUntrained: false,
        log: silent,
      });
      return `${weights.identity} from ${weights.origin}`;
    }),
    ...ENGINES.map((engine) =>
      finding(`engine ${engine}`, engine === 'onnx-cpu' ? 'missing' : 'absent', async () => {
        const found = (await engines).find((one) => one.engine === engine);
        if (found === undefined) throw new Error(HOW_TO_GET[engine]);
        if (found.unavailable !== undefined) throw new Error(found.unavailable);
        return found.library;
      }),
    ),
    finding('folder for data', 'missing', async () => {
      await access(home.root, constants.W_OK);
      return home.root;
    }),
    finding(`port ${DEFAULT_API_PORT}`, 'absent', async () => {
      if (await portIsFree(DEFAULT_API_PORT)) return 'free';
      throw new Error('in use: the stack runs, or another program does; choose another with --port');
    }),
    finding('Open-i', 'absent', async () => {
      const probe = await probeOpenI({ timeoutMs: PROBE_TIMEOUT_MS });
      if (!probe.ok) throw new Error(`${probe.reason}; the demo takes its simulator instead`);
      return 'answers as expected';
    }),
  ]);
}

export function addDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('what is missing on this machine, and how to get it')
    .addHelpText('after', '\nExample:\n  xvision doctor')
    .action(async () => {
      const findings = await look(context);
      context.output.result(findings, (all) =>
        table(
          ['', 'state', ''],
          all.map(({ what, state, detail }) => [what, state, detail]),
        ),
      );
      const missing = findings.filter((one) => one.state === 'missing').map((one) => one.what);
      if (missing.length > 0) throw new CommandError(`missing: ${missing.join(', ')}`);
    });
}
