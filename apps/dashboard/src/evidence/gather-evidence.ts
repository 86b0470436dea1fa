import type { Mistake, RunCurves, RunSubgroups } from '@xvision/contracts';
import {
  type CurveInput,
  foldTable,
  type GroupedImage,
  type ImageScore,
  predictedClass,
  type ReportCurves,
  reportCurves,
  subgroupTable,
  thinned,
  thresholdTable,
} from '@xvision/evaluation';

/** A tested image of a run with all that its evidence is made from. */
export interface TestedImage extends GroupedImage {
  readonly imageId: string;
  readonly file: string;
  readonly scores: readonly ImageScore[];
}

export interface EvidenceQuestion {
  readonly classes: readonly string[];
  readonly images: readonly TestedImage[];
}

export interface Evidence {
  readonly curves: Omit<RunCurves, 'run' | 'notice'>;
  /** As the printed report draws them; null where there are more than two classes. */
  readonly drawn: ReportCurves | null;
  readonly subgroups: RunSubgroups['subgroups'];
  readonly folds: RunSubgroups['folds'];
  readonly wrong: number;
  /** The worst first. */
  readonly mistakes: readonly Mistake[];
}

/** Points of a curve that is drawn some hundred pixels wide. */
const CURVE_POINTS = 500;
/** Stops of the threshold slider; each costs a pass over the images. */
const THRESHOLDS = 101;

/** Mistakes that a person may look at; the gallery has all. */
const MISTAKES = 100;

/** Curves, subgroups and folds of a run's test scores: a second or more for thousands of images. */
export function gatherEvidence({ classes, images }: EvidenceQuestion): Evidence {
  const mistakes = mistakesOf({ classes, images });
  const found = { wrong: mistakes.length, mistakes: mistakes.slice(0, MISTAKES) };
  const parts = { ...found, subgroups: subgroupTable(images), folds: foldTable(images) };
  const positive = classes.length === 2 ? (classes[1] ?? null) : null;
  const positives = images.filter((image) => image.label === 1).length;
  if (positive === null) return { ...parts, drawn: null, curves: { ...NO_CURVES, images: images.length } };
  const input: CurveInput = {
    labels: images.map(({ label }) => label),
    probabilities: images.map(({ probabilities }) => probabilities[1] ?? 0),
    patients: images.map(({ patient }) => patient),
  };
  const drawn = reportCurves(input);
  const { rocBand, reliability } = drawn;
  const operating = thinned(drawn.operating, CURVE_POINTS);
  const thresholds = thresholdTable(input, thinned(drawn.operating, THRESHOLDS));
  const counts = { positive, images: images.length, positives };
  return {
    ...parts,
    drawn: { ...drawn, operating },
    curves: { ...counts, operating, rocBand: [...rocBand], reliability: [...reliability], thresholds },
  };
}

const NO_CURVES = {
  positive: null,
  positives: 0,
  operating: [],
  rocBand: [],
  reliability: [],
  thresholds: [],
};

function mistakesOf({ classes, images }: EvidenceQuestion): Mistake[] {
  const mistakes = images.flatMap(({ imageId, file, label, probabilities }): Mistake[] => {
    const predicted = predictedClass(probabilities);
    if (predicted === label) return [];
    const [truth = '', instead = ''] = [classes[label], classes[predicted]];
    const [probabilityOfTruth = 0, probabilityOfPredicted = 0] = [probabilities[label], probabilities[predicted]];
    return [{ imageId, file, truth, predicted: instead, probabilityOfTruth, probabilityOfPredicted }];
  });
  return mistakes.sort((one, other) => one.probabilityOfTruth - other.probabilityOfTruth);
}
