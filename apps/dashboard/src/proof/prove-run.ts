import { isDeepStrictEqual } from 'node:util';
import { BlobCorruptError, BlobMissingError, type BlobStore } from '@xvision/blob-store';
import { type Catalogue, listMemberClaims, listScoredMembers, type RunClaims } from '@xvision/catalogue';
import type { ProofLink } from '@xvision/contracts';
import { blobLink, brokenLink, type LinkPlace } from './blob-link.js';
import { type ManifestEntry, readManifest } from './manifest.js';
import { proveMember } from './prove-members.js';
import { proveScores } from './prove-scores.js';

export interface ProofNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma'>;
  readonly blobs: Pick<BlobStore, 'get' | 'openStream'>;
}

/** The links of a run that are not about one image: report → scores → model → checkpoints → dataset. */
export async function proveRun({ catalogue, blobs }: ProofNeeds, claims: RunClaims): Promise<ProofLink[]> {
  const { report, modelId, modelSha256, datasetSha256, checkpoints } = claims;
  const links = [await proveReport(blobs, claims)];
  if (report !== null) {
    links.push(proveScores(report, await listScoredMembers(catalogue, { modelId, datasetSha256 })));
  }
  links.push(await blobLink(blobs, { level: 'model', of: `model ${modelId}` }, modelSha256));
  for (const { member, epoch, sha256 } of checkpoints) {
    links.push(await blobLink(blobs, { level: 'checkpoint', of: `network ${member} after epoch ${epoch}` }, sha256));
  }
  links.push(await proveManifest(blobs, datasetSha256));
  return links;
}

async function proveReport(
  blobs: ProofNeeds['blobs'],
  { report, reportSha256, modelId, datasetSha256 }: RunClaims,
): Promise<ProofLink> {
  const place: LinkPlace = { level: 'report', of: 'the report' };
  if (report === null || reportSha256 === null) {
    return brokenLink(place, { problem: 'the run has no report (yet): wait for its evaluation, or ask for one' });
  }
  const link = await blobLink(blobs, place, reportSha256);
  if (link.problem !== null) return link;
  const stored: unknown = JSON.parse(Buffer.from(await blobs.get(reportSha256)).toString('utf8'));
  if (!isDeepStrictEqual(stored, report)) {
    return { ...link, problem: 'the catalogue shows another report than was written: evaluate the run again' };
  }
  if (report.model !== modelId || report.dataset !== datasetSha256) {
    return {
      ...link,
      problem: 'the report is about another model or dataset than the run has: evaluate the run again',
    };
  }
  return link;
}

async function proveManifest(blobs: ProofNeeds['blobs'], sha256: string): Promise<ProofLink> {
  const link = await blobLink(blobs, { level: 'dataset', of: 'the manifest of the dataset' }, sha256);
  if (link.problem !== null || readManifest(await blobs.get(sha256)) !== undefined) return link;
  return { ...link, problem: 'the manifest of the dataset cannot be read as one: train the run again' };
}

/** The links of some images of a dataset, in its order; one position more than `limit` tells whether more follow. */
export async function proveMembers(
  { catalogue, blobs }: ProofNeeds,
  datasetSha256: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ links: ProofLink[]; next: number | null }> {
  const found = await listMemberClaims(catalogue, datasetSha256, { after, limit: limit + 1 });
  const members = found.slice(0, limit);
  const manifest = await manifestOf(blobs, datasetSha256);
  const links: ProofLink[] = [];
  for (const member of members) links.push(...(await proveMember(blobs, member, manifest)));
  return { links, next: found.length > limit ? (members.at(-1)?.position ?? null) : null };
}

async function manifestOf(blobs: ProofNeeds['blobs'], sha256: string): Promise<ManifestEntry[] | undefined> {
  try {
    return readManifest(await blobs.get(sha256));
  } catch (error) {
    if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return undefined;
    throw error;
  }
}
