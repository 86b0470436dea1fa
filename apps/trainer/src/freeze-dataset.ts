import type { BlobStore } from '@xvision/blob-store';
import {
  type Catalogue,
  type FrozenDataset,
  findDataset,
  listRunRecords,
  listTrainingFeatures,
  listTrainingImages,
  type Origin,
  type RunRow,
  recordDataset,
} from '@xvision/catalogue';
import { describeLeaks, UnfitDatasetError } from '@xvision/learning';
import { canonicalJson } from './canonical-json.js';
import { chooseFeatures, type Identity } from './feature-identity.js';
import { leaksOf } from './leaks-of.js';
import { labelledImages, type SelectedMember, selectMembers } from './select-members.js';

export interface FreezeNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma' | 'transaction'>;
  readonly blobs: Pick<BlobStore, 'put'>;
}

/**
 * Fixes the images, labels, patients and folds of a run by the hash of their manifest, before its first training step.
 * A run that has its dataset keeps it: images that come later change nothing.
 * Throws {@link UnfitDatasetError} when the images at hand cannot be trained on.
 */
export async function freezeDataset(needs: FreezeNeeds, run: RunRow, origin: Origin): Promise<FrozenDataset> {
  const { catalogue, blobs } = needs;
  if (run.datasetSha256 !== null) {
    const frozen = await findDataset(catalogue, run.datasetSha256);
    if (frozen !== undefined) return frozen;
  }
  const { task, seed, allowUntrained, allowLeaks } = run.settings;
  const labelled = labelledImages(task, await listTrainingImages(catalogue, run.id));
  const { identity, rows } = chooseFeatures(labelled, await listTrainingFeatures(catalogue, run.id));
  if (!identity.trained && !allowUntrained) throw new UnfitDatasetError(UNTRAINED);

  const usable = labelled.flatMap((image) => {
    const featureSha256 = rows.get(image.imageId);
    return featureSha256 === undefined ? [] : [{ ...image, featureSha256 }];
  });
  const records = task.split.kind === 'seed' ? await listRunRecords(catalogue, run.id) : [];
  const members = selectMembers(task, usable, { seed, records });
  const leaks = leaksOf(members);
  // The seed's own split is a fault that somebody asked for by its name.
  if (leaks.length > 0 && !allowLeaks && task.split.kind !== 'seed') {
    throw new UnfitDatasetError(
      `${describeLeaks(leaks)}. Give equal pictures the same patient, or leave one of them out, and train again; ` +
        'or allow it explicitly with --allow-leaks, and every report is marked.',
    );
  }
  const sha256 = await blobs.put(new TextEncoder().encode(manifestOf(run, identity, members)));
  const synthetic = members.some((member) => member.synthetic);
  const dataset: FrozenDataset = {
    sha256,
    task,
    synthetic,
    ...identity,
    leaks: leaks.length === 0 ? [] : [describeLeaks(leaks)],
    members: members.map(({ imageId, label, patient, featureSha256, folds }) => {
      return { imageId, label, patient, featureSha256, folds };
    }),
  };
  await catalogue.transaction((tx) => recordDataset(tx, { runId: run.id, dataset }, origin));
  return dataset;
}

const UNTRAINED =
  'the features come from an untrained backbone, so a model of them means nothing. Get the pretrained weights ' +
  '(`xvision doctor` says how) and collect again, or allow it explicitly with --untrained-backbone.';

/** Names images by collection and file, not by ids, so that the same data give the same hash in every catalogue. */
function manifestOf(run: RunRow, identity: Identity, members: readonly SelectedMember[]): string {
  const { backbone, weights, preprocessing, numerics } = identity;
  return canonicalJson({
    format: 'xvision-dataset-1',
    task: run.settings.task,
    features: { backbone, weights, preprocessing, numerics },
    members: members.map(({ collection, externalId, patient, label, preparedSha256, featureSha256, folds }) => {
      return { collection, image: externalId, patient, label, preparedSha256, featureSha256, folds };
    }),
  });
}
