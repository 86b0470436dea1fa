/** The thread that writes one model in one format: an ensemble with its backbone is 300 MB, gone with the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { acquireWeights, untrainedWeights, type Vgg16Weights } from '@xvision/backbone';
import { openStores } from '@xvision/blob-store';
import { composeExport, UnexportableError } from '@xvision/export';
import { headCardSchema } from '@xvision/learning';
import type { ExportQuestion, ExportReply, StoredExport } from './export-question.js';

async function answer({ model, format, stem, where }: ExportQuestion): Promise<readonly StoredExport[]> {
  const { blobs } = await openStores({ XVISION_STORE: where.storeRoot });
  const weights = () => weightsOf(where, model.card);
  const files = await composeExport(
    format,
    { bytes: await blobs.get(model.sha256), card: model.card },
    { stem, weights },
  );
  const stored: StoredExport[] = [];
  for (const { name, content } of files) {
    stored.push({ name, sha256: await blobs.put(content), byteLength: content.byteLength });
  }
  return stored;
}

async function weightsOf(
  { weightsFile: file, cacheDir, offline }: ExportQuestion['where'],
  card: unknown,
): Promise<Vgg16Weights> {
  if (!headCardSchema.parse(card).trainedBackbone) return untrainedWeights();
  if (cacheDir === undefined && file === undefined) {
    throw new UnexportableError(
      'this format holds the backbone too, and the dashboard has no weights for it: set XVISION_CACHE or XVISION_WEIGHTS for it',
    );
  }
  return await acquireWeights({ file, cacheDir: cacheDir ?? '', offline });
}

const reply = await answer(workerData as ExportQuestion).then(
  (files): ExportReply => ({ files }),
  (error: unknown): ExportReply => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  },
);
parentPort?.postMessage(reply, []);
