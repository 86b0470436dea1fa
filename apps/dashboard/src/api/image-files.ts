import { pipeline } from 'node:stream/promises';
import { findImageFeatures, findImageLineage, type ImageLineage } from '@xvision/catalogue';
import { sha256Schema } from '@xvision/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { type Route, streamRoute } from './route.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'blobs'>;

interface File {
  readonly sha256: string;
  readonly contentType: string;
  readonly name: string;
  /** What this address gives can never change. */
  readonly immutable: boolean;
}

const params = z.object({ id: z.uuid() });
const versionQuery = z.strictObject({
  sha256: sha256Schema.optional().meta({ description: 'Only this version; the answer may then be kept for ever' }),
});

/** The bytes of an image: as it came, as the network sees it, and as the backbone describes it. */
export function imageFileRoutes(needs: Needs): Route[] {
  return [
    streamRoute({
      method: 'get',
      path: '/api/images/{id}/original',
      summary: 'The de-identified original',
      role: 'viewer',
      params,
      reply: { status: 200, description: 'PNG, JPEG or DICOM', contentType: '*/*' },
      alsoReplies: { 304: 'Not changed' },
      handle: async ({ params, request, response }) => {
        const { originalSha256: sha256, mediaType: contentType } = await lineageOf(needs, params.id);
        await send(
          needs,
          { sha256, contentType, name: `${params.id}-original`, immutable: true },
          { request, response },
        );
      },
    }),
    streamRoute({
      method: 'get',
      path: '/api/images/{id}/prepared',
      summary: 'The 224 x 224 input of the network',
      role: 'viewer',
      params,
      query: versionQuery,
      reply: { status: 200, description: 'A 224 x 224 PNG', contentType: 'image/png' },
      alsoReplies: { 304: 'Not changed' },
      handle: async ({ params, query, request, response }) => {
        const file = await preparedFile(needs, params.id, query.sha256);
        await send(needs, file, { request, response });
      },
    }),
    streamRoute({
      method: 'get',
      path: '/api/images/{id}/features',
      summary: 'The pool5 row: 25,088 little-endian float32, NHWC',
      role: 'viewer',
      params,
      query: versionQuery,
      reply: { status: 200, description: '100,352 bytes', contentType: 'application/octet-stream' },
      alsoReplies: { 304: 'Not changed' },
      handle: async ({ params, query, request, response }) => {
        const file = await featureFile(needs, params.id, query.sha256);
        await send(needs, file, { request, response });
      },
    }),
  ];
}

async function preparedFile(needs: Needs, id: string, wanted: string | undefined): Promise<File> {
  const { prepared } = await lineageOf(needs, id);
  if (prepared === null) throw new NotFoundError(`image ${id} is not prepared (yet): see its stage`);
  const { sha256 } = prepared;
  if (wanted !== undefined && wanted !== sha256) throw new NotFoundError(`image ${id} is now prepared as ${sha256}`);
  return { sha256, contentType: 'image/png', name: `${id}.png`, immutable: wanted !== undefined };
}

async function featureFile(needs: Needs, id: string, wanted: string | undefined): Promise<File> {
  const features = await findImageFeatures(needs.catalogue, id);
  const feature = features.find((one) => wanted === undefined || one.sha256 === wanted);
  if (feature === undefined) throw new NotFoundError(`image ${id} has no such features (yet): see its stage`);
  const { sha256 } = feature;
  return { sha256, contentType: 'application/octet-stream', name: `${id}.f32`, immutable: wanted !== undefined };
}

async function lineageOf({ catalogue }: Needs, id: string): Promise<ImageLineage> {
  const lineage = await findImageLineage(catalogue, id);
  if (lineage === undefined) throw new NotFoundError(`there is no image ${id}`);
  return lineage;
}

async function send(
  { blobs }: Needs,
  { sha256, contentType, name, immutable }: File,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  response.set({
    'Content-Type': contentType,
    'Content-Disposition': `${contentType.startsWith('image/') ? 'inline' : 'attachment'}; filename="${name}"`,
    'Cache-Control': immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    ETag: `"${sha256}"`,
    // Bytes of strangers: whatever they turn out to be, nothing in them may run.
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const stream = await blobs.openStream(sha256);
  await pipeline(stream, response);
}
