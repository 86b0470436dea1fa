import type { BlobStore } from '@xvision/blob-store';
import type { Catalogue } from '@xvision/catalogue';
import { PREPROCESSING_VERSION, runSettingsSchema } from '@xvision/contracts';
import { sha256Of } from '@xvision/testing';
import sharp from 'sharp';

export interface SeedSizes {
  readonly images: number;
  readonly runs: number;
  readonly events: number;
}

export const FULL: SeedSizes = { images: 100_000, runs: 50, events: 1_000_000 };
export const QUICK: SeedSizes = { images: 5000, runs: 6, events: 20_000 };

/** Distinct pictures; images share them, as copies of a radiograph share their bytes. */
const PICTURES = 200;
const SIDE = 224;
/** One run in this many has every image in its dataset; the others have an image in ten. */
const WHOLE_EVERY = 25;

const ACT = '01900000-0000-7000-8000-0000000d0001';
const WEIGHTS = sha256Of('weights of the bench');
export const FIRST_COLLECTION = '01900000-0000-7000-8000-0000000c0001';

/** The run whose dataset is every image; the gallery is looked at through it. */
export const FIRST_RUN = '01900000-0000-7000-8000-0000000a0001';
/** A run that has an image in ten. */
export const OTHER_RUN = '01900000-0000-7000-8000-0000000a0002';
export const FIRST_DATASET = '1'.padStart(64, '0');
export const FIRST_MODEL = '01900000-0000-7000-8000-0000000b0001';
export const imageId = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const settings = runSettingsSchema.parse({
  task: {
    name: 'nodule',
    classes: [
      { name: 'normal', rule: { kind: 'label-only' } },
      { name: 'nodule', rule: { kind: 'label-only' } },
    ],
    split: { kind: 'cross-validation', folds: 5 },
  },
  collections: [FIRST_COLLECTION],
});

/** Fills an empty catalogue as months of use would; the same sizes give the same rows. Made by the database itself. */
export async function seedCatalogue(
  { catalogue, blobs }: { readonly catalogue: Catalogue; readonly blobs: BlobStore },
  sizes: SeedSizes,
): Promise<void> {
  await seedImages(catalogue, sizes.images, await seedPictures(blobs));
  await seedRuns(catalogue, sizes);
  await seedScores(catalogue, sizes.runs);
  await seedEvents(catalogue, sizes);
  await seedDeadLetters(catalogue, sizes.images / 100);
  // Months of use leave rows that were vacuumed and written out; a load of a minute leaves that to be done under the clock.
  await catalogue.prisma.$executeRaw`VACUUM (ANALYZE)`;
  await catalogue.prisma.$executeRaw`CHECKPOINT`;
}

async function seedPictures(blobs: BlobStore): Promise<string[]> {
  const pictures = Array.from({ length: PICTURES }, async (_, n) => {
    const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_none, at) => {
      const [x, y] = [(at % SIDE) - SIDE / 2, Math.floor(at / SIDE) - SIDE / 2];
      const lung = Math.exp(-((Math.abs(x) - 45) ** 2 + (y / 1.7) ** 2) / (900 + 10 * n));
      return Math.round(210 - 150 * lung + 20 * Math.sin((x * y) / (200 + n)));
    });
    return await blobs.put(
      await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
        .png()
        .toBuffer(),
    );
  });
  return await Promise.all(pictures);
}

async function seedImages(catalogue: Catalogue, images: number, pictures: readonly string[]): Promise<void> {
  const { prisma } = catalogue;
  await prisma.$executeRaw`
    INSERT INTO collection (id, source, name, purpose, request, state, expected, weights, numerics, synthetic)
    VALUES (${FIRST_COLLECTION}::uuid, 'openi', 'bench', 'dataset', '{"source":"openi","name":"bench","purpose":"dataset"}',
      'harvested', ${images}, ${WEIGHTS}, 'float32', true)`;
  await prisma.$executeRaw`
    INSERT INTO backbone_weights (weights, backbone, trained, origin) VALUES (${WEIGHTS}, 'vgg16', true, 'the bench')`;
  await prisma.$executeRaw`
    INSERT INTO image (id, collection_id, external_id, original_sha256, media_type, byte_length, synthetic, patient, view,
      licence, labels, report)
    SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${FIRST_COLLECTION}::uuid,
      'CXR' || n || '_IM-' || (n * 7919) % 10000 || '.png', (${[...pictures]}::text[])[1 + n % ${PICTURES}::int], 'image/png', 40000,
      true, 'patient-' || n / 2, CASE WHEN n % 3 = 0 THEN 'lateral' ELSE 'frontal' END,
      CASE WHEN n % 10 = 0 THEN 'CC BY-NC 4.0' ELSE 'CC BY 4.0' END,
      jsonb_build_object('label', CASE WHEN n % 5 = 0 THEN 'nodule' ELSE 'normal' END,
        'mesh', jsonb_build_array('term ' || (n * 31) % 97)),
      'Heart size ' || (ARRAY['normal', 'enlarged', 'borderline'])[1 + n % 3] || '. No pleural effusion. Finding number '
        || (n * 17) % 5000 || '.'
    FROM generate_series(1, ${images}::int) AS n`;
  await prisma.$executeRaw`
    INSERT INTO prepared_image (image_id, prepared_sha256, preprocessing, width, height, grey_statistics, quality)
    SELECT id, original_sha256, ${PREPROCESSING_VERSION}, 1024, 1024, array_fill(0.5::real, ARRAY[15]),
      jsonb_build_object('shortEdge', 1024, 'enlarged', right(id::text, 2) < '08', 'bitsStored', 8,
        'colour', right(id::text, 2) = 'ff', 'blackFraction', 0.1, 'whiteFraction', 0.01)
    FROM image WHERE right(id::text, 2) <> '80'`;
  await prisma.$executeRaw`
    INSERT INTO image_rejection (image_id, reason, message)
    SELECT id, 'truncated', 'the file ends early: fetch it again' FROM image WHERE right(id::text, 2) = '80'`;
  await prisma.$executeRaw`
    INSERT INTO feature (prepared_sha256, backbone, weights, preprocessing, numerics, feature_sha256, engine)
    SELECT sha256, 'vgg16', ${WEIGHTS}, ${PREPROCESSING_VERSION}, 'float32', sha256, 'onnx-cpu'
    FROM unnest(${[...pictures]}::text[]) AS sha256`;
}

async function seedRuns(catalogue: Catalogue, { images, runs }: SeedSizes): Promise<void> {
  const { prisma } = catalogue;
  await prisma.$executeRaw`
    INSERT INTO dataset (sha256, task, images, patients, per_class, synthetic, backbone, weights, numerics)
    SELECT lpad(to_hex(n), 64, '0'), ${JSON.stringify(settings.task)}::jsonb, ${images}, ${images} / 2, '{"normal":4,"nodule":1}',
      true, 'vgg16', ${WEIGHTS}, 'float32'
    FROM generate_series(1, ${runs}::int) AS n`;
  await prisma.$executeRaw`
    INSERT INTO dataset_member (dataset_sha256, position, image_id, label, patient, feature_sha256, folds)
    SELECT dataset.sha256, row_number() OVER (PARTITION BY dataset.sha256 ORDER BY image.id) - 1, image.id,
      (image.labels ->> 'label' = 'nodule')::int, image.patient, image.original_sha256,
      ARRAY[CASE WHEN hashtext(image.patient) % 10 = 0 THEN -1 ELSE abs(hashtext(image.patient)) % 5 END]::smallint[]
    FROM generate_series(1, ${runs}::int) AS n JOIN dataset ON dataset.sha256 = lpad(to_hex(n), 64, '0')
    JOIN image ON n % ${WHOLE_EVERY}::int = 1 OR abs(hashtext(image.id::text)) % 10 = n % 10`;
  await prisma.$executeRaw`
    INSERT INTO run (id, settings, task_name, state, dataset_sha256, synthetic, finished_at)
    SELECT ('01900000-0000-7000-8000-0000000a' || lpad(to_hex(n), 4, '0'))::uuid, ${JSON.stringify(settings)}::jsonb, 'nodule',
      'trained', lpad(to_hex(n), 64, '0'), true, now()
    FROM generate_series(1, ${runs}::int) AS n`;
  await prisma.$executeRaw`
    INSERT INTO model (id, content_key, sha256, dataset_sha256, card)
    SELECT ('01900000-0000-7000-8000-0000000b' || lpad(to_hex(n), 4, '0'))::uuid, 'bench ' || n, lpad(to_hex(n), 64, '0'),
      lpad(to_hex(n), 64, '0'), '{"classes":["normal","nodule"],"head":"seed-mlp"}'
    FROM generate_series(1, ${runs}::int) AS n`;
  await prisma.$executeRaw`
    INSERT INTO run_model (run_id, model_id)
    SELECT run.id, replace(run.id::text, '-0000000a', '-0000000b')::uuid FROM run`;
  await prisma.$executeRaw`
    INSERT INTO epoch (run_id, fold, member, epoch, loss)
    SELECT run.id, fold, member, epoch, 1.0 / epoch
    FROM run, generate_series(-1, 4) AS fold, generate_series(0, 4) AS member, generate_series(1, 20) AS epoch`;
}

/** Scores that are right four times in five; their means are made by the database, as for a true run. */
async function seedScores(catalogue: Catalogue, runs: number): Promise<void> {
  for (let n = 1; n <= runs; n += 1) {
    const dataset = n.toString(16).padStart(64, '0');
    const model = FIRST_MODEL.replace(/0001$/, n.toString(16).padStart(4, '0'));
    await catalogue.prisma.$executeRaw`
      INSERT INTO test_score (model_id, image_id, repeat, fold, label, probabilities)
      SELECT ${model}::uuid, image_id, 0, folds[1], label, ARRAY[1 - p, p]
      FROM (
        SELECT *, least(0.999, greatest(0.001,
          0.2 + 0.6 * label + (abs(hashtext(image_id::text || ${dataset})) % 1000 - 500) / 1200.0))::float8 AS p
        FROM dataset_member WHERE dataset_sha256 = ${dataset} AND folds[1] >= 0
      ) AS member`;
  }
}

const EVENTS_A_STATEMENT = 100_000;

async function seedEvents(catalogue: Catalogue, { events, images }: SeedSizes): Promise<void> {
  for (let from = 1; from <= events; from += EVENTS_A_STATEMENT) {
    const to = Math.min(events, from + EVENTS_A_STATEMENT - 1);
    await catalogue.prisma.$executeRaw`
      INSERT INTO event (id, subject, about, envelope, created_at, published_at, stream, stream_sequence)
      SELECT id, subject, about, jsonb_build_object('specversion', '1.0', 'id', id, 'source', 'xvision/bench', 'type', subject,
          'time', '2026-01-01T00:00:00.000Z', 'subject', about, 'dataschema', subject, 'datacontenttype', 'application/json',
          'data', jsonb_build_object('imageId', about)),
        now() - interval '90 days' + n * interval '5 seconds', now(), 'XV_BENCH', n
      FROM (
        SELECT n, gen_random_uuid() AS id,
          (ARRAY['xv.image.collected.v1', 'xv.image.prepared.v1', 'xv.features.extracted.v1'])[1 + n % 3] AS subject,
          '01900000-0000-7000-8000-' || lpad(to_hex(1 + (n / 3) % ${images}::int), 12, '0') AS about
        FROM generate_series(${from}::int, ${to}::int) AS n
      ) AS made`;
  }
}

/** One act on a third of them; the others wait for a person. */
async function seedDeadLetters({ prisma }: Catalogue, letters: number): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO dead_letter_act (id, act, who, reason, letters)
    VALUES (${ACT}::uuid, 'discard', 'the bench', 'these files were sent twice', ${Math.ceil(letters / 3)}::int)`;
  await prisma.$executeRaw`
    INSERT INTO dead_letter (id, consumer, subject, event_id, stream, stream_sequence, reason, message, deliveries, state, act_id,
      created_at, resolved_at)
    SELECT gen_random_uuid(), (ARRAY['preprocessor', 'extractor'])[1 + n % 2], 'xv.image.collected.v1', gen_random_uuid(),
      'XV_BENCH', n, 'poison', 'image ' || n || ' cannot be decoded', 1, CASE WHEN n % 3 = 0 THEN 'discarded' ELSE 'open' END,
      CASE WHEN n % 3 = 0 THEN ${ACT}::uuid END, now() - n * interval '1 minute',
      CASE WHEN n % 3 = 0 THEN now() END
    FROM generate_series(1, ${letters}::int) AS n`;
}
