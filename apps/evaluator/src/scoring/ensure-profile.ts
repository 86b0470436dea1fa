import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  type DatasetFacts,
  findScoringProfile,
  listDatasetMembers,
  listScoredMembers,
  recordScoringProfile,
  type ScoredMember,
} from '@xvision/catalogue';
import type { ScoringProfile } from '@xvision/contracts';
import { descriptorOf, fitNoveltyGuard, fitScoring, readCovariates } from '@xvision/evaluation';
import { readRow } from '../scoring-head.js';
import { guardBytes } from './novelty-guard-file.js';

/** One in a hundred images like the training images is turned away (decision 0063). */
const LEAST_P = 0.01;
/** With fewer, no image could have so small a p-value. */
const FEWEST = Math.ceil(1 / LEAST_P);
/** More cost time and tell little: distances go to the five nearest. */
const MOST = 1_000;

export interface ProfileNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put'>;
}

/** How the scores of a model are read: what is kept, or else fitted now and kept. The same model gives the same profile. */
export async function ensureProfile(
  needs: ProfileNeeds,
  model: { readonly id: string; readonly dataset: DatasetFacts },
): Promise<ScoringProfile> {
  const known = await findScoringProfile(needs.catalogue, model.id);
  if (known !== undefined) return known;
  const { dataset } = model;
  const members = await listScoredMembers(needs.catalogue, { modelId: model.id, datasetSha256: dataset.sha256 });
  const classes = dataset.task.classes.map(({ name }) => name);
  const profile: ScoringProfile = {
    ...fitScoring(members.map(asEvaluated), classes),
    guard: await fitGuard(needs, dataset.sha256, members.length),
    views: dataset.task.views,
  };
  await recordScoringProfile(needs.catalogue, model.id, profile);
  return profile;
}

function asEvaluated({ label, patient, folds, scores, attributes, view }: ScoredMember) {
  return { label, patient, folds, scores, grey: null, covariates: readCovariates(attributes, view) };
}

/** Of at most a thousand images, evenly over the dataset. Null where there are too few images or patients. */
async function fitGuard(
  { catalogue, blobs }: ProfileNeeds,
  dataset: string,
  count: number,
): Promise<ScoringProfile['guard']> {
  if (count < FEWEST) return null;
  const members = await listDatasetMembers(catalogue, dataset, { after: -1, limit: count });
  const step = Math.max(1, members.length / MOST);
  const images = [];
  for (let place = 0; place < members.length; place += step) {
    const member = members[Math.floor(place)];
    if (member === undefined) continue;
    images.push({ descriptor: descriptorOf(await readRow(blobs, member.featureSha256)), patient: member.patient });
  }
  const guard = fitNoveltyGuard(images);
  if (guard === undefined) return null;
  return { sha256: await blobs.put(await guardBytes(guard)), images: images.length, leastP: LEAST_P };
}
