import { findRunningStack, isAlive } from '@xvision/local-stack';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CommandError } from '../failure.js';
import { wholeNumber } from '../options.js';
import { untilInterrupted } from '../until-interrupted.js';
import { homeOf, startLocalStack } from '../with-api.js';

const STOP_TIMEOUT_MS = 60_000;

async function down(context: Context): Promise<void> {
  const record = await findRunningStack(homeOf(context));
  if (record === undefined) {
    context.output.result({ stopped: false }, () => 'no stack is running');
    return;
  }
  process.kill(record.pid, 'SIGTERM');
  const until = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(record.pid)) {
    if (Date.now() > until)
      throw new CommandError(
        `the stack (pid ${record.pid}) did not end within a minute; its logs are in ${homeOf(context).logs}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  context.output.result({ stopped: true }, () => 'stopped');
}

export function addStack(program: Command, context: Context): void {
  program
    .command('up')
    .description('start PostgreSQL, nats-server and every service, and stay until Ctrl-C')
    .option('--port <n>', 'port of the API and the dashboard; 0 takes any free one', wholeNumber)
    .option('--untrained-backbone', 'go on without pretrained weights; every report says so')
    .addHelpText('after', '\nExample:\n  xvision up --port 8080')
    .action(async (options: { port?: number; untrainedBackbone?: boolean }) => {
      await using stack = await startLocalStack(context, {
        port: options.port,
        allowUntrained: options.untrainedBackbone === true,
      });
      context.output.result(
        stack.record,
        ({ apiUrl }) => `up: dashboard and API at ${apiUrl}, logs in ${homeOf(context).logs}`,
      );
      await untilInterrupted(context);
      context.output.note('stopping');
    });
  program
    .command('down')
    .description('stop the local stack')
    .addHelpText('after', '\nExample:\n  xvision down')
    .action(() => down(context));
}
