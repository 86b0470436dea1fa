import { findModelView, type ModelView } from '@xvision/catalogue';
import { type ExportFormat, exportFormatSchema, modelExportSchema } from '@xvision/contracts';
import { z } from 'zod';
import { cardOfModel } from '../export/card-of-model.js';
import type { StoredExport } from '../export/export-question.js';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError, UnfitRequestError } from './failures.js';
import { jsonRoute, type Route, streamRoute } from './route.js';
import { FILE_REPLIES, sendFile } from './send-file.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'blobs' | 'exports'>;

const params = z.object({ id: z.uuid(), format: exportFormatSchema });

/** What leaves of a model. Its files are made when they are first asked for; the command line writes the same bytes. */
export function modelExportRoutes(needs: Needs): Route[] {
  return [
    jsonRoute({
      method: 'get',
      path: '/api/models/{id}/exports/{format}',
      summary: 'A model in one format: the names, lengths and hashes of its files',
      role: 'viewer',
      params,
      result: modelExportSchema,
      handle: async ({ params: { id, format } }) => {
        const { files, checksums } = await exportOf(needs, id, format);
        const notice = 'Research use only; not a medical device' as const;
        return { body: { model: id, format, files: [...files], checksums: checksums.name, notice } };
      },
    }),
    streamRoute({
      method: 'get',
      path: '/api/models/{id}/exports/{format}/{file}',
      summary: 'One file of an export, or its checksums; the ETag is its sha256',
      role: 'viewer',
      params: params.extend({ file: z.string().min(1).max(200) }),
      reply: { status: 200, description: 'The bytes of the file', contentType: 'application/octet-stream' },
      alsoReplies: FILE_REPLIES,
      handle: async ({ params: { id, format, file }, request, response }) => {
        const { files, checksums } = await exportOf(needs, id, format);
        const names = [...files, checksums];
        const found = names.find(({ name }) => name === file);
        if (found === undefined) {
          const there = names.map(({ name }) => name).join(', ');
          throw new NotFoundError(
            `there is no file of this name in the ${format} export of model ${id}, only ${there}`,
          );
        }
        const sent = { ...found, contentType: 'application/octet-stream', immutable: false };
        await sendFile(needs, sent, { request, response });
      },
    }),
  ];
}

interface Export {
  readonly files: readonly StoredExport[];
  readonly checksums: StoredExport;
}

async function exportOf(needs: Needs, id: string, format: ExportFormat): Promise<Export> {
  const model = await findModelView(needs.catalogue, id);
  if (model === undefined) throw new NotFoundError(`there is no model ${id}`);
  const stem = `${model.task.replaceAll(/[^a-z0-9-]/g, '_')}-${id}`;
  const files = await filesOf(needs, { model, format, stem }).catch((error: unknown) => {
    throw understood(error);
  });
  const [first] = files;
  const lines = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  const name = files.length === 1 || format === 'safetensors' ? `${first?.name ?? stem}.sha256` : `${stem}.sha256`;
  return { files, checksums: await store(needs, { name, text: lines }) };
}

async function filesOf(
  needs: Needs,
  { model, format, stem }: { model: ModelView; format: ExportFormat; stem: string },
): Promise<readonly StoredExport[]> {
  const { sha256, card } = model;
  if (format !== 'card') return await needs.exports.write({ model: { sha256, card }, format, stem });
  return [await store(needs, { name: `${stem}.md`, text: await cardOfModel(needs.catalogue, model) })];
}

async function store({ blobs }: Needs, { name, text }: { name: string; text: string }): Promise<StoredExport> {
  const bytes = Buffer.from(text);
  return { name, sha256: await blobs.put(bytes), byteLength: bytes.byteLength };
}

/** Errors cross the thread's border by name. */
const UNFIT = new Set(['UnexportableError', 'WeightsError', 'ModelMismatchError', 'DamagedFileError']);

function understood(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (UNFIT.has(error.name)) return new UnfitRequestError(error.message, { cause: error });
  if (error.name === 'BlobMissingError') return new NotFoundError(error.message, { cause: error });
  return error;
}
