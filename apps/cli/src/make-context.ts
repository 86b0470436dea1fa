import type { Context } from './context.js';
import { makeOutput } from './output.js';

/** `--json` is asked for before the arguments are parsed, so that even a usage error keeps stdout clean. */
export function makeContext(process: NodeJS.Process): Context {
  const { argv, env, stdout, stderr } = process;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    environment: env,
    output: makeOutput({ json: argv.includes('--json'), stdout, stderr }),
    stderr,
    interrupted: interruption.signal,
  };
}
