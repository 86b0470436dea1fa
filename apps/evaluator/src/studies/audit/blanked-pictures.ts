import { openVgg16 } from '@xvision/backbone';
import type { AuditCheck } from '@xvision/contracts';
import { judgeBlanked } from '@xvision/evaluation';
import type { RunFacts } from '../../run-report.js';
import { choosePictures, rowsOfPictures, trainedOnRows } from '../pictures-of-run.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { blanked, CENTRE_SHARE, type Region } from './blank.js';
import { withOneNetwork } from './permuted-labels.js';

/** Two forward passes an image: with more images, evenly chosen ones stand for all. */
const MOST = 400;

const ABOUT: Readonly<Record<Region, string>> = {
  centre: `trained and tested on pictures whose central ${CENTRE_SHARE * 100} % a side are blank: what is told from the rest`,
  borders: `trained and tested on pictures of which only the central ${CENTRE_SHARE * 100} % a side are left`,
};

type Facts = Pick<RunFacts, 'dataset' | 'members' | 'run'>;

/**
 * The run's own training and testing (one network, first repeat) on pictures with a region blanked. Throws
 * {@link UnfitStudyError} where the pictures cannot be passed through the model's own backbone here.
 */
export async function blankedChecks(needs: StudyNeeds, facts: Facts, hooks: StudyHooks): Promise<AuditCheck[]> {
  const { dataset, run } = facts;
  const weights = await needs.weights(!dataset.untrained);
  if (weights.identity !== dataset.weights || dataset.numerics !== 'float32') {
    throw new UnfitStudyError(
      `the evaluator has backbone weights ${weights.identity.slice(0, 12)} in float32, the model's features are of ${dataset.weights.slice(0, 12)} (${dataset.numerics})`,
    );
  }
  const { places, prepared } = await choosePictures(needs, facts, MOST);
  const settings = withOneNetwork(run.settings);
  const checks: AuditCheck[] = [];
  await using vgg16 = await openVgg16({ weights, engine: 'onnx-cpu-winograd', threads: needs.threads });
  for (const region of ['centre', 'borders'] as const) {
    const given = { vgg16, prepared, what: `${region} blanked`, change: (rgb: Uint8Array) => blanked(rgb, region) };
    const rows = await rowsOfPictures(needs, given, hooks);
    const { auc, gain } = await trainedOnRows(needs, { facts, places, rows, settings }, hooks);
    const check = region === 'centre' ? 'centre-blanked' : 'borders-blanked';
    checks.push({
      check,
      about: ABOUT[region],
      images: places.length,
      auc,
      gain,
      ...judgeBlanked(region, { auc, gain }),
    });
  }
  return checks;
}
