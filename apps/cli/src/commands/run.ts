import type { Collection, Task } from '@xvision/contracts';
import { renderReport } from '@xvision/evaluation';
import { type Command, Option } from 'commander';
import type { ApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { CommandError, UsageError } from '../failure.js';
import { savedTask, taskAtHand } from '../find-task.js';
import { evaluated, settled } from '../follow.js';
import { faultList } from '../labels-csv.js';
import { type LocalRecord, readFolder } from '../manifest.js';
import { positiveInteger } from '../options.js';
import { openProgress, type Progress } from '../progress.js';
import { reportOf } from '../report.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';
import { openiRequest, readDump } from './collect.js';
import { addTrainingOptions, settingsOf, type TrainingOptions } from './training-options.js';

interface RunOptions extends TrainingOptions {
  readonly source: 'folder' | 'dicom' | 'openi' | 'dump';
  readonly path?: string;
  readonly labels?: string;
  readonly query?: string;
  readonly limit?: number;
  readonly otherLabels?: boolean;
}

/** A label that no class of the task has is most often a misspelling; it is refused before anything is sent. */
function refuseOtherLabels(records: readonly LocalRecord[], task: Pick<Task, 'name' | 'classes'>): void {
  const classes = new Set(task.classes.map((one) => one.name));
  const faults = records
    .map(({ record }) => record)
    .filter(({ labels }) => labels.label !== undefined && !classes.has(labels.label))
    .map(({ file, labels }) => `${file}: "${labels.label}"`);
  if (faults.length === 0) return;
  const known = [...classes].map((name) => `"${name}"`).join(', ');
  throw new CommandError(
    faultList(
      `${faults.length} labels are no class of the task ${task.name} (${known}); nothing was collected. Leave such images out with --other-labels`,
      faults,
    ),
  );
}

interface Gathering {
  /** Throws when the images are not for this task. */
  readonly refuse: (task: Task) => void;
  readonly gather: (api: ApiClient, progress: Progress) => Promise<Collection>;
}

const NOTHING_TO_REFUSE = () => undefined;

/** Reads everything local before the stack is asked for anything, so that a bad CSV costs nothing. */
async function prepareGathering(options: RunOptions): Promise<Gathering> {
  const { source } = options;
  if (source === 'openi') return { refuse: NOTHING_TO_REFUSE, gather: (api) => api.collect(openiRequest(options)) };
  const { path } = options;
  if (path === undefined) throw new UsageError(`--source ${source} needs --path`);
  if (source === 'dump') {
    const records = (await readDump(path)).slice(0, options.limit);
    const gather = (api: ApiClient) => api.collect({ source: 'dump', name: `dump-${records.length}`, records });
    return { refuse: NOTHING_TO_REFUSE, gather };
  }
  const records = await readFolder(path, options.labels);
  return {
    refuse: options.otherLabels === true ? NOTHING_TO_REFUSE : (task) => refuseOtherLabels(records, task),
    gather: (api, progress) => collectFiles(api, records, { folder: path, source, progress }),
  };
}

async function wholeJob(context: Context, options: RunOptions): Promise<void> {
  const atHand = await taskAtHand(context, options.task);
  const { refuse, gather } = await prepareGathering(options);
  if (atHand !== undefined) refuse(atHand);
  await withApi(
    context,
    async (api) => {
      const named = atHand ?? (await savedTask(api, options.task));
      refuse(named);
      const progress = openProgress(context.output, context.stderr);
      try {
        const collection = await gather(api, progress);
        const asked = await api.startRun({ ...settingsOf(options, named), collections: [collection.id] });
        await settled(api, [collection.id], progress);
        const run = await evaluated(api, asked.id, progress);
        progress.stop();
        context.output.result(reportOf(run), renderReport);
      } finally {
        progress.stop();
      }
    },
    { allowUntrained: options.untrainedBackbone === true },
  );
}

export function addRun(program: Command, context: Context): void {
  addTrainingOptions(program.command('run'))
    .description('the whole job: collect, prepare, extract, train, evaluate, report')
    .addOption(
      new Option('--source <source>', 'where the images come from')
        .choices(['folder', 'dicom', 'openi', 'dump'])
        .makeOptionMandatory(),
    )
    .option('--path <path>', 'the folder (folder, dicom) or the file (dump)')
    .option('--labels <file.csv>', 'labels of a folder: a file column, a label column or one column per finding')
    .option('--other-labels', 'leave images out whose label is no class of the task, instead of refusing them')
    .option('--query <text>', 'Open-i: only records that match this search')
    .option('--limit <n>', 'Open-i, dump: at most this many images', positiveInteger)
    .addHelpText(
      'after',
      '\nExample:\n  xvision run --source folder --path ./radiographs --labels ./labels.csv --task nodule --json',
    )
    .action((options: RunOptions) => wholeJob(context, options));
}
