import { findImageFeatures, findImageLineage, type ImageLineage } from '@xvision/catalogue';
import { sha256Schema } from '@xvision/contracts';
import { z } from 'zod';
import type { ApiDependencies } from './dependencies.js';
import { NotFoundError } from './failures.js';
import { type Route, streamRoute } from './route.js';
import { FILE_REPLIES, type SentFile, sendFile } from './send-file.js';
import { createThumbnails } from './thumbnails.js';

type Needs = Pick<ApiDependencies, 'catalogue' | 'blobs'>;

const params = z.object({ id: z.uuid() });
const versionQuery = z.strictObject({
  sha256: sha256Schema.optional().meta({ description: 'Only this version; the answer may then be kept for ever' }),
});

/** The bytes of an image: as it came, as the network sees it, and as the backbone describes it. */
export function imageFileRoutes(needs: Needs): Route[] {
  return [thumbnailRoute(needs), originalRoute(needs), preparedRoute(needs), featuresRoute(needs)];
}

function thumbnailRoute(needs: Needs): Route {
  const thumbnails = createThumbnails(needs);
  return streamRoute({
    method: 'get',
    path: '/api/images/{id}/thumbnail',
    summary: 'A small WebP of what the network sees; made when it is first asked for',
    role: 'viewer',
    params,
    query: versionQuery.meta({ description: 'sha256 of the prepared image' }),
    reply: { status: 200, description: 'A 160 x 160 WebP', contentType: 'image/webp' },
    alsoReplies: FILE_REPLIES,
    handle: async ({ params, query, request, response }) => {
      const file = await thumbnails.find(params.id, query.sha256);
      await sendFile(needs, file, { request, response });
    },
  });
}

function originalRoute(needs: Needs): Route {
  return streamRoute({
    method: 'get',
    path: '/api/images/{id}/original',
    summary: 'The de-identified original',
    role: 'viewer',
    params,
    reply: { status: 200, description: 'PNG, JPEG or DICOM', contentType: '*/*' },
    alsoReplies: FILE_REPLIES,
    handle: async ({ params, request, response }) => {
      const { originalSha256: sha256, mediaType: contentType } = await lineageOf(needs, params.id);
      await sendFile(
        needs,
        { sha256, contentType, name: `${params.id}-original`, immutable: true },
        { request, response },
      );
    },
  });
}

function preparedRoute(needs: Needs): Route {
  return streamRoute({
    method: 'get',
    path: '/api/images/{id}/prepared',
    summary: 'The 224 x 224 input of the network',
    role: 'viewer',
    params,
    query: versionQuery,
    reply: { status: 200, description: 'A 224 x 224 PNG', contentType: 'image/png' },
    alsoReplies: FILE_REPLIES,
    handle: async ({ params, query, request, response }) => {
      const file = await preparedFile(needs, params.id, query.sha256);
      await sendFile(needs, file, { request, response });
    },
  });
}

function featuresRoute(needs: Needs): Route {
  return streamRoute({
    method: 'get',
    path: '/api/images/{id}/features',
    summary: 'The pool5 row: 25,088 little-endian float32, NHWC',
    role: 'viewer',
    params,
    query: versionQuery,
    reply: { status: 200, description: '100,352 bytes', contentType: 'application/octet-stream' },
    alsoReplies: FILE_REPLIES,
    handle: async ({ params, query, request, response }) => {
      const file = await featureFile(needs, params.id, query.sha256);
      await sendFile(needs, file, { request, response });
    },
  });
}

async function preparedFile(needs: Needs, id: string, wanted: string | undefined): Promise<SentFile> {
  const { prepared } = await lineageOf(needs, id);
  if (prepared === null) throw new NotFoundError(`image ${id} is not prepared (yet): see its stage`);
  const { sha256 } = prepared;
  if (wanted !== undefined && wanted !== sha256) throw new NotFoundError(`image ${id} is now prepared as ${sha256}`);
  return { sha256, contentType: 'image/png', name: `${id}.png`, immutable: wanted !== undefined };
}

async function featureFile(needs: Needs, id: string, wanted: string | undefined): Promise<SentFile> {
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
