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
  const thumbnails = createThumbnails(needs);
  return [
    fileRoute(needs, {
      path: '/api/images/{id}/thumbnail',
      summary: 'A small WebP of what the network sees; made when it is first asked for',
      query: versionQuery.meta({ description: 'sha256 of the prepared image' }),
      reply: { status: 200, description: 'A 160 x 160 WebP', contentType: 'image/webp' },
      find: (id, sha256) => thumbnails.find(id, sha256),
    }),
    fileRoute(needs, {
      path: '/api/images/{id}/original',
      summary: 'The de-identified original',
      query: undefined,
      reply: { status: 200, description: 'PNG, JPEG or DICOM', contentType: '*/*' },
      find: (id) => originalFile(needs, id),
    }),
    fileRoute(needs, {
      path: '/api/images/{id}/prepared',
      summary: 'The 224 x 224 input of the network',
      query: versionQuery,
      reply: { status: 200, description: 'A 224 x 224 PNG', contentType: 'image/png' },
      find: (id, sha256) => preparedFile(needs, id, sha256),
    }),
    fileRoute(needs, {
      path: '/api/images/{id}/features',
      summary: 'The pool5 row: 25,088 little-endian float32, NHWC',
      query: versionQuery,
      reply: { status: 200, description: '100,352 bytes', contentType: 'application/octet-stream' },
      find: (id, sha256) => featureFile(needs, id, sha256),
    }),
  ];
}

interface ImageFile extends Pick<Route, 'path' | 'summary' | 'reply'> {
  /** None where there is only one version. */
  readonly query: typeof versionQuery | undefined;
  /** The file of an image; only this version of it where one is asked for. */
  readonly find: (id: string, sha256: string | undefined) => Promise<SentFile>;
}

function fileRoute(needs: Needs, { find, ...about }: ImageFile): Route {
  return streamRoute({
    ...about,
    method: 'get',
    role: 'viewer',
    params,
    alsoReplies: FILE_REPLIES,
    handle: async ({ params: { id }, query, request, response }) => {
      const file = await find(id, query?.sha256);
      await sendFile(needs, file, { request, response });
    },
  });
}

async function originalFile(needs: Needs, id: string): Promise<SentFile> {
  const { originalSha256: sha256, mediaType: contentType } = await lineageOf(needs, id);
  return { sha256, contentType, name: `${id}-original`, immutable: true };
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
