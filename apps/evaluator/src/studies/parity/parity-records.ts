import { findCollection, type ImageWithFeatures, listImagesWithFeatures } from '@xvision/catalogue';
import type { ParityRecord } from '@xvision/learning';
import { type StudyNeeds, UnfitStudyError } from '../study.js';

/** A record of the collections, with its features where there are any. */
export interface CollectedRecord extends ParityRecord {
  readonly featureSha256: string | null;
}

export interface ParityMaterial {
  readonly names: readonly string[];
  readonly records: readonly CollectedRecord[];
  readonly synthetic: boolean;
  readonly untrainedBackbone: boolean;
}

/** The records of some collections, each id once. Throws {@link UnfitStudyError} where their features cannot be mixed. */
export async function parityRecords(
  { catalogue }: Pick<StudyNeeds, 'catalogue'>,
  collections: readonly string[],
): Promise<ParityMaterial> {
  const names: string[] = [];
  for (const id of collections) {
    const collection = await findCollection(catalogue, id);
    if (collection === undefined) throw new UnfitStudyError(`there is no collection ${id}`);
    names.push(collection.name);
  }
  const images = await listImagesWithFeatures(catalogue, collections);
  const extracted = images.filter(({ featureSha256 }) => featureSha256 !== null);
  const kinds = new Set(extracted.map(({ weights, numerics }) => `${weights} ${numerics}`));
  if (kinds.size > 1) {
    throw new UnfitStudyError(
      `${names.join(', ')} were extracted in ${kinds.size} ways, which never meet in one training: name collections of one kind`,
    );
  }
  return {
    names,
    records: onceEach(images),
    synthetic: images.some(({ synthetic }) => synthetic),
    untrainedBackbone: extracted.some(({ trained }) => !trained),
  };
}

/** An image that several collections hold is one record, with the features of any. */
function onceEach(images: readonly ImageWithFeatures[]): CollectedRecord[] {
  const records = new Map<string, CollectedRecord>();
  for (const { externalId: id, patient, view, labels, featureSha256 } of images) {
    if (records.get(id)?.atHand === true) continue;
    records.set(id, { id, patient, view, items: labels.mesh ?? [], atHand: featureSha256 !== null, featureSha256 });
  }
  return [...records.values()];
}
