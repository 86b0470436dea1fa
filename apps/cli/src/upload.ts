import type { Collection } from '@xvision/contracts';
import type { ApiClient } from './api-client.js';
import { contentName, type LocalRecord } from './manifest.js';
import type { Progress } from './progress.js';

const UPLOADS_AT_ONCE = 4;

/** Uploads what the API does not have yet; equal bytes travel once. */
async function uploadMissing(api: ApiClient, records: readonly LocalRecord[], progress: Progress): Promise<void> {
  const files = new Map(records.map(({ record, path }) => [record.sha256, path]));
  const queue = await api.missingUploads([...files.keys()]);
  const total = queue.length;
  let done = 0;
  const worker = async () => {
    for (let sha256 = queue.pop(); sha256 !== undefined; sha256 = queue.pop()) {
      await api.upload(sha256, files.get(sha256) ?? '');
      done += 1;
      progress.update([{ stage: 'uploaded', done, total }]);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, worker));
}

export interface FolderCollection {
  readonly folder: string;
  readonly source: 'folder' | 'dicom';
  readonly name?: string | undefined;
  readonly purpose?: 'dataset' | 'prediction' | 'features';
  readonly asPrepared?: boolean;
}

/** Sends the files of a folder and asks for their collection; asking twice for the same content is asking once. */
export async function collectFiles(
  api: ApiClient,
  records: readonly LocalRecord[],
  options: FolderCollection & { progress: Progress },
): Promise<Collection> {
  await uploadMissing(api, records, options.progress);
  return api.collect({
    source: options.source,
    name: options.name ?? contentName(options.folder, records),
    purpose: options.purpose ?? 'dataset',
    asPrepared: options.asPrepared ?? false,
    records: records.map(({ record }) => record),
  });
}
