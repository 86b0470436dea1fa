import path from 'node:path';
import { openStores, type Stores } from '@xvision/blob-store';
import { type Catalogue, openCatalogue } from '@xvision/catalogue';
import type { ServiceName } from '@xvision/local-stack';
import { sharedFolder } from '@xvision/testing';
import { startTestStack, type TestStack } from '../test-stack.js';
import type { BenchContext } from './measure.js';

/** Servers and services of a bench's own, with the settings that a user's local stack has. */
export interface BenchStack extends TestStack {
  readonly catalogue: Catalogue;
  readonly stores: Stores;
}

/** The true weights beside the project, or those of `XVISION_WEIGHTS`, or undefined: the cache, else an untrained stand-in of the same speed. */
export function weightsFile(): string | undefined {
  const shared = sharedFolder();
  return (
    process.env['XVISION_WEIGHTS'] ??
    (shared && path.join(shared, 'weights', 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5'))
  );
}

/** Somebody's running servers are left alone, whatever the environment says. */
function environmentFor({ threads, cacheDir }: BenchContext): Record<string, string | undefined> {
  const { DATABASE_URL: _database, NATS_URL: _broker, NATS_TOKEN: _token, ...rest } = process.env;
  return {
    ...rest,
    NODE_OPTIONS: '',
    XVISION_CACHE: cacheDir,
    XVISION_WEIGHTS: weightsFile(),
    XVISION_ALLOW_UNTRAINED: 'true',
    XVISION_OFFLINE: 'true',
    ENGINE_THREADS: String(threads),
  };
}

export async function startBenchStack(context: BenchContext, services?: readonly ServiceName[]): Promise<BenchStack> {
  const { log } = context;
  const environment = environmentFor(context);
  const stack = await startTestStack({ environment, log, ...(services === undefined ? {} : { services }) });
  const catalogue = openCatalogue({ url: stack.stack.record.databaseUrl, applicationName: 'bench' });
  try {
    await catalogue.ready();
    const stores = await openStores({ XVISION_STORE: path.join(stack.folder, 'stack', 'store') });
    const close = async () => {
      await catalogue[Symbol.asyncDispose]();
      await stack[Symbol.asyncDispose]();
    };
    return { ...stack, catalogue, stores, [Symbol.asyncDispose]: close };
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}
