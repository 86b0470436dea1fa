import type { Collection, CollectionRequestInput, ManifestRecord, PredictionJob, Upload } from '@xvision/contracts';
import { text } from '../texts/models.js';
import { request, send, useResource } from './request.js';

export const usePrediction = (id: string) =>
  useResource<PredictionJob>(`/api/predictions/${id}`, {
    whileOpen: ({ state }) => state === 'waiting' || state === 'requested',
  });

/**
 * Uploads files under their hashes, asks for a collection that is there for this question only, and for its prediction.
 * Equal bytes travel once. Gives the id of the job.
 */
export async function predictFiles(modelId: string, files: readonly File[]): Promise<string> {
  // Over plain HTTP from another machine a browser keeps its hash functions back.
  if (!window.isSecureContext) throw new Error(text.insecure);
  const hashed = await Promise.all(files.map(async (file) => ({ file, sha256: await sha256Of(file) })));
  const sha256 = [...new Set(hashed.map((one) => one.sha256))];
  const { missing } = await send<{ missing: readonly string[] }>('POST', '/api/uploads/missing', { sha256 });
  for (const wanted of missing) {
    const found = hashed.find((one) => one.sha256 === wanted);
    if (found !== undefined) await upload(wanted, found.file);
  }
  const asked: CollectionRequestInput = {
    source: 'folder',
    name: `prediction-${crypto.randomUUID()}`,
    purpose: 'prediction',
    records: recordsOf(hashed),
  };
  const collection = await send<Collection>('POST', '/api/collections', asked);
  const job = await send<PredictionJob>('POST', '/api/predictions', { modelId, collectionId: collection.id });
  return job.id;
}

/** The browser sends the file as it reads it. */
function upload(sha256: string, body: File): Promise<Upload> {
  return request(`/api/uploads/${sha256}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });
}

/** Files of one name are told apart by a number before it. */
function recordsOf(
  hashed: readonly { readonly file: File; readonly sha256: string }[],
): Pick<ManifestRecord, 'file' | 'sha256'>[] {
  const names = new Set<string>();
  return hashed.map(({ file, sha256 }) => {
    let name = file.name;
    for (let n = 2; names.has(name); n += 1) name = `${n}-${file.name}`;
    names.add(name);
    return { file: name, sha256 };
  });
}

async function sha256Of(file: File): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
