import { type DatasetMemberView, findImageLineage, listDatasetMembers } from '@xvision/catalogue';
import { seededRandom } from '@xvision/evaluation';
import { type ExplainedImage, type Lesion, lesionOf } from '@xvision/explanation';
import { PREPARED_SIDE, readPrepared } from '@xvision/imaging';
import { readRow } from '../../scoring-head.js';
import { type StudyNeeds, UnfitStudyError } from '../study.js';

/** An image on which a card rests. */
export interface ChosenImage extends ExplainedImage {
  readonly file: string;
  /** Where the finding is, if anybody said. */
  readonly lesion: Lesion | undefined;
}

export interface LocatedRow {
  readonly row: Float32Array;
  readonly lesion: Lesion;
}

export interface ChosenImages {
  readonly images: readonly ChosenImage[];
  /** Every image of the class whose finding has a place; for maps that need the feature row alone. */
  readonly located: readonly LocatedRow[];
}

interface Question {
  readonly dataset: string;
  readonly className: string;
  readonly images: number;
  readonly seed: number;
}

/** Members read at a time. */
const PAGE = 500;
/** The interval of a share is a tenth wide then; each is 100 kB. */
const MOST_LOCATED = 200;
/** Fewer give no interval. */
const LEAST = 4;

/** Images of the class, drawn by the seed. Throws {@link UnfitStudyError} when there are too few. */
export async function chosenImages(needs: StudyNeeds, question: Question): Promise<ChosenImages> {
  const { dataset, className, seed } = question;
  const members = inOrderOf(seed, await membersOfClass(needs, dataset, className));
  if (members.length < LEAST) {
    throw new UnfitStudyError(
      `the model was trained on ${members.length} images of the class ${className}; a trust card needs at least ${LEAST}`,
    );
  }
  const images: ChosenImage[] = [];
  const located: LocatedRow[] = [];
  for (const { imageId, featureSha256, file } of members) {
    const lineage = await findImageLineage(needs.catalogue, imageId);
    const prepared = lineage?.prepared;
    if (lineage === undefined || prepared == null) continue;
    const { width, height } = prepared;
    const lesion = lesionOf(lineage.attributes, { width, height, side: PREPARED_SIDE });
    const wanted = images.length < question.images;
    if (!wanted && (lesion === undefined || located.length >= MOST_LOCATED)) continue;
    const row = await readRow(needs.blobs, featureSha256);
    if (lesion !== undefined && located.length < MOST_LOCATED) located.push({ row, lesion });
    if (wanted) images.push({ file, row, lesion, rgb: await readPrepared(await needs.blobs.get(prepared.sha256)) });
  }
  return { images, located };
}

async function membersOfClass(needs: StudyNeeds, dataset: string, className: string): Promise<DatasetMemberView[]> {
  const found: DatasetMemberView[] = [];
  let after = -1;
  for (;;) {
    const page = await listDatasetMembers(needs.catalogue, dataset, { after, limit: PAGE });
    found.push(...page.filter((one) => one.class === className));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found;
    after = last.position;
  }
}

function inOrderOf<Item>(seed: number, items: readonly Item[]): Item[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, key: random.uint32() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
