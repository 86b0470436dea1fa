import { findRunningStack, type LocalStack, openHome, startStack } from '@xvision/local-stack';
import { type ApiClient, connectApi } from './api-client.js';
import type { Context } from './context.js';
import { ensureWeights } from './weights.js';

/** The stack's home folder: `XVISION_HOME`, else `.xvision/stack` inside the project. */
export function homeOf(context: Context) {
  return openHome(context.environment['XVISION_HOME']);
}

export interface StackNeeds {
  /** An untrained backbone may take the place of missing weights; only said explicitly, or by the demo. */
  readonly allowUntrained?: boolean;
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
}

export async function startLocalStack(
  context: Context,
  needs: StackNeeds & { port?: number | undefined } = {},
): Promise<LocalStack> {
  const { allowUntrained = false, serviceEnvironment, port } = needs;
  await ensureWeights(context, allowUntrained);
  return startStack({
    home: homeOf(context),
    environment: context.environment,
    port,
    serviceEnvironment: { XVISION_ALLOW_UNTRAINED: String(allowUntrained), ...serviceEnvironment },
    log: (line) => context.output.note(line),
  });
}

/**
 * Runs a command against the API: the one named by `XVISION_URL`, else the local stack that runs,
 * else a local stack started for the command's own duration, which it says.
 */
export async function withApi<Result>(
  context: Context,
  work: (api: ApiClient) => Promise<Result>,
  needs: StackNeeds = {},
): Promise<Result> {
  const { environment, output } = context;
  const connect = (url: string) =>
    connectApi({ url, token: environment['XVISION_TOKEN'], signal: context.interrupted, note: output.note });
  const url = environment['XVISION_URL'] ?? (await findRunningStack(homeOf(context)))?.apiUrl;
  if (url !== undefined) return work(connect(url));

  output.note('no stack is running: starting one for this command (keep one with "xvision up")');
  await using stack = await startLocalStack(context, { port: 0, ...needs });
  return await work(connect(stack.record.apiUrl));
}
