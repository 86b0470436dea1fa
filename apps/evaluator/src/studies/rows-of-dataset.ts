import { listDatasetMembers } from '@xvision/catalogue';
import { POOL5_LENGTH } from '@xvision/contracts';
import { type SharedRows, setRow, sharedRows } from '@xvision/learning';
import { readRow } from '../scoring-head.js';
import { type StudyNeeds, UnfitStudyError } from './study.js';

/** The feature rows of a dataset, in its order. Throws {@link UnfitStudyError} when members are missing. */
export async function rowsOfDataset(
  { catalogue, blobs }: StudyNeeds,
  dataset: string,
  count: number,
): Promise<SharedRows> {
  const rows = sharedRows(count, POOL5_LENGTH);
  const members = await listDatasetMembers(catalogue, dataset, { after: -1, limit: count });
  if (members.length !== count) {
    throw new UnfitStudyError(`dataset ${dataset} has ${members.length} members in the catalogue instead of ${count}`);
  }
  for (const { position, featureSha256, file } of members) {
    setRow(rows, position, { values: await readRow(blobs, featureSha256), name: file });
  }
  return rows;
}
