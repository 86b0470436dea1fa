import {
  type Catalogue,
  findImageFeatures,
  findImageLineage,
  findImagePredictions,
  findImageStandings,
  findImageView,
  type ImageStanding,
  namedProbabilities,
} from '@xvision/catalogue';
import type { ImageDetail } from '@xvision/contracts';
import { NotFoundError } from './failures.js';
import { imageSummary, standingOf } from './image-shape.js';

/** An image with everything that was said of it. */
export async function imageDetail(catalogue: Catalogue, id: string): Promise<ImageDetail> {
  const [view, lineage, features, standings, predictions] = await Promise.all([
    findImageView(catalogue, id),
    findImageLineage(catalogue, id),
    findImageFeatures(catalogue, id),
    findImageStandings(catalogue, id),
    findImagePredictions(catalogue, id),
  ]);
  if (view === undefined || lineage === undefined) throw new NotFoundError(`there is no image ${id}`);
  const { standing: _none, ...summary } = imageSummary(view);
  const { patient, sourceUrl, report, attributes, prepared, originalSha256, mediaType, byteLength } = lineage;
  return {
    ...summary,
    patient,
    sourceUrl,
    report,
    attributes: { ...attributes },
    original: { sha256: originalSha256, mediaType, byteLength },
    prepared,
    features,
    standings: standings.flatMap(detailedStanding),
    predictions: predictions.map(({ jobId, modelId, classes, probabilities, abstained }) => ({
      jobId,
      modelId,
      probabilities: probabilities === null ? null : namedProbabilities(classes, probabilities),
      abstained,
    })),
    notice: 'Research use only; not a medical device',
  };
}

function detailedStanding({ run, image, ranges }: ImageStanding): ImageDetail['standings'] {
  const standing = standingOf(image, run);
  if (standing === null) return [];
  const bounds = ranges?.low.map((low, index) => ({ low, high: ranges.high[index] ?? low }));
  const named = bounds?.map((range, index): [string, typeof range] => [run.classes[index] ?? String(index), range]);
  return [{ ...standing, ranges: named === undefined ? null : Object.fromEntries(named) }];
}
