import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, openHome, type StackOptions, startStack } from '@xvision/local-stack';
import { sharedFolder } from '@xvision/testing';
import { Client, type QueryResultRow } from 'pg';

export const shared = sharedFolder();

/** The true VGG16 weights beside the project. */
function weightsFile(): string {
  return path.join(shared ?? '', 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5');
}

export interface TestStack extends AsyncDisposable {
  readonly stack: LocalStack;
  /** A folder of its own, gone with the stack. */
  readonly folder: string;
  /** Makes `xvision` use this stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** Asks the catalogue itself. */
  readonly query: <Row extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
}

/** A whole local stack with the true weights, its own folder, database, broker and ports; nothing stays. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xvision-e2e-'));
  const log: string[] = [];
  const stack = await startStack({
    home: openHome(path.join(folder, 'stack')),
    environment: { ...process.env, XVISION_WEIGHTS: weightsFile(), NODE_OPTIONS: '' },
    port: 0,
    log: (line) => log.push(line),
    ...options,
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    stack,
    folder,
    log,
    environment: { XVISION_URL: stack.record.apiUrl, XVISION_HOME: path.join(folder, 'stack') },
    query: async (sql, values) => {
      const client = new Client({ connectionString: stack.record.databaseUrl });
      await client.connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
