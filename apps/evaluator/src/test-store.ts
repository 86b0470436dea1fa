import { openBlobStore } from '@xvision/blob-store';
import { migrate, openCatalogue } from '@xvision/catalogue';
import { startPostgres, temporaryFolder } from '@xvision/testing';
import type { Stored } from './a-trained-run.js';

/** For this service's tests: a migrated catalogue and a blob store of their own. */
export async function openTestStore(): Promise<Stored & AsyncDisposable> {
  const postgres = await startPostgres();
  const folder = await temporaryFolder();
  await migrate(postgres.url);
  const catalogue = openCatalogue({ url: postgres.url, applicationName: 'evaluator-test' });
  const blobs = await openBlobStore({ root: folder.path });
  return {
    catalogue,
    blobs,
    async [Symbol.asyncDispose]() {
      await catalogue[Symbol.asyncDispose]();
      await postgres.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
