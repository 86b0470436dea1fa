import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { sourceLabelsSchema, viewSchema } from '../labels.js';

export const imageStageSchema = z.enum(['collected', 'prepared', 'rejected', 'extracted']);
export type ImageStage = z.infer<typeof imageStageSchema>;

/** An order of images; `-` turns it around. Probability is that of the task's last class, uncertainty 1 - the largest. */
export const imageSortSchema = z.enum([
  'collected',
  '-collected',
  'file',
  '-file',
  'probability',
  '-probability',
  'uncertainty',
  '-uncertainty',
]);
export type ImageSort = z.infer<typeof imageSortSchema>;

/** What the preprocessor remarked of a usable image; `plain` = nothing. */
export const imageQualitySchema = z.enum(['enlarged', 'colour', 'black', 'white', 'plain']);
export type ImageQuality = z.infer<typeof imageQualitySchema>;

export const imageCountSchema = z.object({
  count: z.number().int().nonnegative(),
  /** False: an estimate by the database, for more than 10,000. */
  exact: z.boolean(),
});
export type ImageCount = z.infer<typeof imageCountSchema>;

export const imageFacetsSchema = z.object({
  licences: z.array(z.string()),
  /** Labels, findings and MeSH terms of the newest 2,000 images, in lower case, the most frequent first. */
  labels: z.array(z.string()),
});
export type ImageFacets = z.infer<typeof imageFacetsSchema>;

export const imageNeighboursSchema = z.object({
  /** Null at an end of the list, and where the filter does not let the image itself through. */
  previous: z.uuid().nullable(),
  next: z.uuid().nullable(),
});
export type ImageNeighbours = z.infer<typeof imageNeighboursSchema>;

/** What one run made of an image. Scores come from networks that never saw the image's patient. */
export const standingSchema = z.object({
  runId: z.uuid(),
  modelId: z.uuid().nullable(),
  class: z.string(),
  /** `test`: tested in at least one fold. `train`: never tested. */
  split: z.enum(['train', 'test']),
  /** One entry per repeat: the fold in which the image was tested; -1 = never tested. */
  folds: z.array(z.number().int()),
  /** Mean over repeats; null before the run is trained, or when the image was never tested. */
  probabilities: z.record(z.string(), z.number()).nullable(),
  predicted: z.string().nullable(),
  correct: z.boolean().nullable(),
});
export type Standing = z.infer<typeof standingSchema>;

export const imageSummarySchema = z.object({
  id: z.uuid(),
  collectionId: z.uuid(),
  source: z.enum(['openi', 'dump', 'folder', 'dicom']),
  /** Path in the collected folder, or the source's own id. */
  file: z.string(),
  view: viewSchema,
  synthetic: z.boolean(),
  licence: z.string().nullable(),
  labels: sourceLabelsSchema,
  stage: imageStageSchema,
  /** Of the 224 x 224 network input; null before it is prepared. */
  preparedSha256: sha256Schema.nullable(),
  rejection: z.object({ reason: z.string(), message: z.string() }).nullable(),
  /** With `run` in the query: what that run made of the image; null when it is not in the run's dataset. */
  standing: standingSchema.nullable(),
  createdAt: z.iso.datetime(),
});
export type ImageSummary = z.infer<typeof imageSummarySchema>;

export const imageDetailSchema = imageSummarySchema.omit({ standing: true }).extend({
  /** A salted hash or the source's own pseudonym, never a name. */
  patient: z.string(),
  sourceUrl: z.string().nullable(),
  report: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
  original: z.object({ sha256: z.string(), mediaType: z.string(), byteLength: z.number().int() }),
  prepared: z
    .object({
      sha256: sha256Schema,
      preprocessing: z.string(),
      /** Of the decoded original, in pixels. */
      width: z.number().int(),
      height: z.number().int(),
    })
    .nullable(),
  features: z.array(
    z.object({
      sha256: sha256Schema,
      backbone: z.string(),
      weights: z.string(),
      numerics: z.string(),
      engine: z.string(),
      trained: z.boolean().nullable(),
    }),
  ),
  /** What every run that used the image made of it, newest first. */
  standings: z.array(
    standingSchema.extend({
      /** Per class the least and the most that a repeat of the cross-validation said; null with fewer than two. */
      ranges: z.record(z.string(), z.object({ low: z.number(), high: z.number() })).nullable(),
    }),
  ),
  predictions: z.array(
    z.object({
      jobId: z.uuid(),
      modelId: z.uuid(),
      probabilities: z.record(z.string(), z.number()).nullable(),
      abstained: z.string().nullable(),
    }),
  ),
  notice: z.literal('Research use only; not a medical device'),
});
export type ImageDetail = z.infer<typeof imageDetailSchema>;
