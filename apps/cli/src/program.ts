import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit.js';
import { addCheckExport } from './commands/check-export.js';
import { addCheckLeaks } from './commands/check-leaks.js';
import { addCollect } from './commands/collect.js';
import { addCompare } from './commands/compare.js';
import { addCompletion } from './commands/completion.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addEvaluate } from './commands/evaluate.js';
import { addExplain } from './commands/explain.js';
import { addExport } from './commands/export.js';
import { addFeatures } from './commands/features.js';
import { addLabels } from './commands/labels.js';
import { addLookups } from './commands/lookups.js';
import { addParity } from './commands/parity.js';
import { addPredict } from './commands/predict.js';
import { addProve } from './commands/prove.js';
import { addQuantize } from './commands/quantize.js';
import { addRun } from './commands/run.js';
import { addRuns } from './commands/runs.js';
import { addStack } from './commands/stack.js';
import { addStatus } from './commands/status.js';
import { addSweep } from './commands/sweep.js';
import { addTokens } from './commands/tokens.js';
import { addTrain } from './commands/train.js';
import { addTrustCard } from './commands/trust-card.js';
import type { Context } from './context.js';
import { explain, UsageError } from './failure.js';

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** `--json` belongs to every command, so that it may stand behind any of them. */
function everywhere(command: Command): void {
  command.option('--json', 'one JSON document on stdout, everything else on stderr');
  for (const child of command.commands) everywhere(child);
}

export function buildProgram(context: Context): Command {
  const program = new Command('xvision')
    .description('Chest-radiograph transfer learning, honestly evaluated. Research use only; not a medical device.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => context.output.note(text.trimEnd()),
    });
  for (const add of [
    addDemo,
    addStack,
    addStatus,
    addDoctor,
    addCollect,
    addRun,
    addTrain,
    addEvaluate,
    addSweep,
    addRuns,
    addCompare,
    addPredict,
    addProve,
    addCheckLeaks,
    addAudit,
    addParity,
    addQuantize,
    addExplain,
    addTrustCard,
    addTokens,
    addExport,
    addCheckExport,
    addFeatures,
    addLabels,
    addLookups,
    addCompletion,
  ]) {
    add(program, context);
  }
  for (const child of program.commands) everywhere(child);
  return program;
}

/** Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runProgram(argumentsGiven: readonly string[], context: Context): Promise<number> {
  try {
    await buildProgram(context).parseAsync([...argumentsGiven], { from: 'user' });
    return EXIT_DONE;
  } catch (error) {
    // Commander has printed its own message (a usage error) or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    context.output.note(`xvision: ${explain(error)}`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}
