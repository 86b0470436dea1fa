import { type Catalogue, recordEvaluation, recordModel, setRunState } from '@xvision/catalogue';
import type { RunReport } from '@xvision/contracts';
import { featureRow, type SeededImage, seedRun, sha256, type TestApi } from '../api/test-api.js';

/** The sha256 of one blob of every level of a run's chain. */
export interface Chain {
  readonly runId: string;
  readonly report: string;
  readonly model: string;
  readonly checkpoint: string;
  readonly dataset: string;
  readonly features: string;
  readonly prepared: string;
  readonly original: string;
}

const origin = { source: 'xvision/test' };

/** For this app's own tests: a run of the usual five images whose every link is in the store. */
export async function aProvenRun(
  { catalogue, blobs }: Pick<TestApi, 'catalogue' | 'blobs'>,
  collection: { readonly id: string; readonly images: readonly SeededImage[] },
): Promise<Chain> {
  const { runId, dataset: old } = await seedRun({ catalogue }, collection);
  const manifest = await manifestOf(catalogue, old);
  const dataset = await blobs.put(Buffer.from(JSON.stringify(manifest)));
  await adopt(catalogue, { old, dataset });
  const model = await blobs.put(Buffer.from(`model of ${runId}`));
  const made = { runId, contentKey: runId, sha256: model, datasetSha256: dataset, card: {} };
  const { id: modelId } = await catalogue.transaction((tx) => recordModel(tx, made));
  await catalogue.prisma.$executeRaw`
    INSERT INTO test_score SELECT ${modelId}::uuid, image_id, repeat, fold, label, probabilities FROM test_score
    WHERE model_id = (SELECT id FROM model WHERE content_key = ${old})`;
  const checkpoint = await blobs.put(Buffer.from(`checkpoint of ${runId}`));
  await catalogue.prisma.checkpoint.create({ data: { runId, fold: -1, member: 0, epoch: 3, sha256: checkpoint } });

  const { report } = await catalogue.prisma.evaluation.findUniqueOrThrow({ where: { runId } });
  const told = aboutItsScores({ ...(report as unknown as RunReport), model: modelId, dataset });
  const reportSha256 = await blobs.put(Buffer.from(JSON.stringify(told)));
  await catalogue.transaction((tx) => recordEvaluation(tx, { report: told, reportSha256, named: new Map() }, origin));
  const first = manifest.members[0];
  return {
    runId,
    report: reportSha256,
    model,
    checkpoint,
    dataset,
    features: sha256(featureRow(0)),
    prepared: first?.preparedSha256 ?? '',
    original: first?.originalSha256 ?? '',
  };
}

async function manifestOf(catalogue: Catalogue, dataset: string) {
  const members = await catalogue.prisma.$queryRaw<
    { image: string; preparedSha256: string; originalSha256: string; folds: number[] }[]
  >`
    SELECT collection.source || '/' || collection.name AS collection, image.external_id AS image, member.patient,
      member.label, prepared_image.prepared_sha256 AS "preparedSha256", member.feature_sha256 AS "featureSha256",
      image.original_sha256 AS "originalSha256", member.folds::int[] AS folds
    FROM dataset_member AS member JOIN image ON image.id = member.image_id
    JOIN collection ON collection.id = image.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    WHERE member.dataset_sha256 = ${dataset} ORDER BY member.position`;
  return { format: 'xvision-dataset-1', members };
}

/** The same dataset under the hash of its manifest. */
async function adopt(catalogue: Catalogue, { old, dataset }: { old: string; dataset: string }): Promise<void> {
  await catalogue.prisma.$executeRaw`
    INSERT INTO dataset SELECT ${dataset}, task, images, patients, per_class, synthetic, backbone, weights, numerics
    FROM dataset WHERE sha256 = ${old}`;
  await catalogue.prisma.$executeRaw`
    INSERT INTO dataset_member SELECT ${dataset}, position, image_id, label, patient, feature_sha256, folds
    FROM dataset_member WHERE dataset_sha256 = ${old}`;
  const [run] = await catalogue.prisma.run.findMany({ where: { datasetSha256: old } });
  await setRunState(catalogue, run?.id ?? '', { state: 'trained', datasetSha256: dataset });
}

/** Scores .25 for images 0 and 2 (normal) and, wrongly, 3; .75 for image 1: the only nodule found. */
function aboutItsScores(report: RunReport): RunReport {
  const estimate = (value: number) => ({ value, low: null, high: null });
  const confusion = [
    [2, 0],
    [1, 1],
  ];
  return {
    ...report,
    metrics: { ...report.metrics, confusion, auc: estimate(0.75), brier: estimate((3 * 0.0625 + 0.5625) / 4) },
  };
}
