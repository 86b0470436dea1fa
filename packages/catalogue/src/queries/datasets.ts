import { datasetFrozen, type FeatureIdentity, type SourceLabels, type Task, type View } from '@xvision/contracts';
import type { Database, Transaction } from '../database.js';
import { emit, type Origin } from '../outbox.js';
import { setRunState } from './runs.js';

/** An image that a run may train on: collected, prepared and not rejected. */
export interface TrainingImage {
  readonly imageId: string;
  /** Source and name of its collection: the same in every catalogue, unlike ids. */
  readonly collection: string;
  readonly externalId: string;
  readonly patient: string;
  readonly view: View;
  readonly labels: SourceLabels;
  readonly synthetic: boolean;
  readonly preparedSha256: string;
  readonly preprocessing: string;
  /** Null where the image was prepared before such hashes were taken. */
  readonly perceptualHash: string | null;
}

/** A feature row of such an image; an image may have several, from other weights or engines. */
export interface TrainingFeature extends Omit<FeatureIdentity, 'preparedSha256'> {
  readonly imageId: string;
  readonly featureSha256: string;
  readonly trained: boolean;
}

/** The prepared images of a run's collections, in the order of their names, whatever order they came in. */
export async function listTrainingImages(db: Database, runId: string): Promise<TrainingImage[]> {
  return await db.prisma.$queryRaw<TrainingImage[]>`
    SELECT image.id::text AS "imageId", collection.source || '/' || collection.name AS collection,
      image.external_id AS "externalId", image.patient, image.view, image.labels, image.synthetic,
      prepared_image.prepared_sha256 AS "preparedSha256", prepared_image.preprocessing,
      prepared_image.quality ->> 'perceptualHash' AS "perceptualHash"
    FROM run_collection
    JOIN collection ON collection.id = run_collection.collection_id
    JOIN image ON image.collection_id = collection.id
    JOIN prepared_image ON prepared_image.image_id = image.id
    WHERE run_collection.run_id = ${runId}::uuid AND collection.purpose = 'dataset'
      AND NOT EXISTS (SELECT FROM image_rejection WHERE image_rejection.image_id = image.id)
    ORDER BY collection.source COLLATE "C", collection.name COLLATE "C", image.external_id COLLATE "C"`;
}

/** Every feature row of the prepared images of a run's collections. */
export async function listTrainingFeatures(db: Database, runId: string): Promise<TrainingFeature[]> {
  return await db.prisma.$queryRaw<TrainingFeature[]>`
    SELECT image.id::text AS "imageId", feature.feature_sha256 AS "featureSha256", feature.backbone, feature.weights,
      feature.preprocessing, feature.numerics, coalesce(backbone_weights.trained, false) AS trained
    FROM run_collection
    JOIN image ON image.collection_id = run_collection.collection_id
    JOIN prepared_image ON prepared_image.image_id = image.id
    JOIN feature ON feature.prepared_sha256 = prepared_image.prepared_sha256
      AND feature.preprocessing = prepared_image.preprocessing
    LEFT JOIN backbone_weights ON backbone_weights.weights = feature.weights
    WHERE run_collection.run_id = ${runId}::uuid`;
}

export interface DatasetMember {
  readonly imageId: string;
  /** Place of its class in the task. */
  readonly label: number;
  readonly patient: string;
  readonly featureSha256: string;
  /** One entry per repeat: the fold in which the image is tested; -1 = never tested. */
  readonly folds: readonly number[];
}

export interface FrozenDataset extends Omit<FeatureIdentity, 'preparedSha256'> {
  readonly sha256: string;
  readonly task: Task;
  readonly synthetic: boolean;
  readonly trained: boolean;
  /** What its folds share between training and test, a sentence each; empty for an honest dataset. */
  readonly leaks: readonly string[];
  /** In the dataset's own order. */
  readonly members: readonly DatasetMember[];
}

/** Keeps a dataset (an equal one is shared), gives it to the run, which is training from here, and announces it. */
export async function recordDataset(
  tx: Transaction,
  { runId, dataset }: { readonly runId: string; readonly dataset: FrozenDataset },
  origin: Origin,
): Promise<void> {
  const { sha256, task, synthetic, backbone, weights, numerics, leaks, members } = dataset;
  const patients = new Set(members.map(({ patient }) => patient)).size;
  const perClass = Object.fromEntries(
    task.classes.map(({ name }, label) => [name, members.filter((member) => member.label === label).length]),
  );
  const inserted = await tx.prisma.$executeRaw`
    INSERT INTO dataset (sha256, task, images, patients, per_class, synthetic, backbone, weights, numerics, leaks)
    VALUES (${sha256}, ${JSON.stringify(task)}::jsonb, ${members.length}, ${patients},
      ${JSON.stringify(perClass)}::jsonb, ${synthetic}, ${backbone}, ${weights}, ${numerics}, ${[...leaks]}::text[])
    ON CONFLICT DO NOTHING`;
  if (inserted === 1) await insertMembers(tx, sha256, members);
  await setRunState(tx, runId, { state: 'training', datasetSha256: sha256, synthetic });
  const data = { runId, datasetSha256: sha256, images: members.length, patients, perClass };
  await emit(tx, datasetFrozen, data, { ...origin, subject: runId });
}

async function insertMembers(tx: Transaction, sha256: string, members: readonly DatasetMember[]): Promise<void> {
  await tx.prisma.$executeRaw`
    INSERT INTO dataset_member (dataset_sha256, position, image_id, label, patient, feature_sha256, folds)
    SELECT ${sha256}, (entry.position - 1)::int, (member ->> 'imageId')::uuid, (member ->> 'label')::int,
      member ->> 'patient', member ->> 'featureSha256',
      ARRAY(SELECT fold::smallint FROM jsonb_array_elements_text(member -> 'folds') WITH ORDINALITY AS one (fold, n)
        ORDER BY n)
    FROM jsonb_array_elements(${JSON.stringify(members)}::jsonb) WITH ORDINALITY AS entry (member, position)`;
}

/** A frozen dataset with its members, or undefined when there is none of this hash. */
export async function findDataset(db: Database, sha256: string): Promise<FrozenDataset | undefined> {
  const [dataset] = await db.prisma.$queryRaw<Omit<FrozenDataset, 'members'>[]>`
    SELECT dataset.sha256, dataset.task, dataset.synthetic, dataset.backbone, dataset.weights, dataset.numerics,
      dataset.leaks, coalesce(backbone_weights.trained, false) AS trained,
      (SELECT prepared_image.preprocessing FROM dataset_member AS member
        JOIN prepared_image ON prepared_image.image_id = member.image_id
        WHERE member.dataset_sha256 = dataset.sha256 ORDER BY member.position LIMIT 1) AS preprocessing
    FROM dataset LEFT JOIN backbone_weights ON backbone_weights.weights = dataset.weights
    WHERE dataset.sha256 = ${sha256}`;
  if (dataset === undefined) return undefined;
  const members = await db.prisma.$queryRaw<DatasetMember[]>`
    SELECT image_id::text AS "imageId", label, patient, feature_sha256 AS "featureSha256", folds::int[] AS folds
    FROM dataset_member WHERE dataset_sha256 = ${sha256} ORDER BY position`;
  return { ...dataset, members };
}

/** Ids and MeSH terms of every image of a run's collections, prepared or not: the seed's split counts them all. */
export async function listRunRecords(db: Database, runId: string): Promise<{ id: string; items: string[] }[]> {
  return await db.prisma.$queryRaw<{ id: string; items: string[] }[]>`
    SELECT DISTINCT ON (image.external_id) image.external_id AS id,
      ARRAY(SELECT jsonb_array_elements_text(coalesce(image.labels -> 'mesh', '[]'::jsonb))) AS items
    FROM run_collection JOIN image ON image.collection_id = run_collection.collection_id
    WHERE run_collection.run_id = ${runId}::uuid ORDER BY image.external_id, image.id`;
}
