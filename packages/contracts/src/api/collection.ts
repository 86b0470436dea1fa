import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { sourceLabelsSchema, viewSchema } from '../labels.js';

/** One file of a folder or DICOM collection; its bytes were uploaded before under their sha256. */
export const manifestRecordSchema = z.object({
  /** Path relative to the collected folder; the record's identity inside its collection. */
  file: z.string().min(1).max(1024),
  sha256: sha256Schema,
  patient: z.string().min(1).optional(),
  view: viewSchema.optional(),
  licence: z.string().optional(),
  labels: sourceLabelsSchema.default({}),
  /** Every other CSV column, as text. */
  attributes: z.record(z.string(), z.string()).default({}),
});
export type ManifestRecord = z.infer<typeof manifestRecordSchema>;

/** One record of the seed project's `labels.json`. */
export const dumpRecordSchema = z.object({
  id: z.string().min(1),
  items: z.array(z.string()),
  img: z.url(),
});
export type DumpRecord = z.infer<typeof dumpRecordSchema>;

const name = z.string().regex(/^[\w.-]{1,120}$/, 'letters, digits, dot, hyphen and underscore');

/** `dataset`: may be trained on. The others exist for one question and never enter a dataset. */
export const collectionPurposeSchema = z.enum(['dataset', 'prediction', 'features']);

export const collectionRequestSchema = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('openi'),
    name,
    query: z.string().max(400).optional(),
    limit: z.number().int().min(1).max(10_000).optional(),
    purpose: collectionPurposeSchema.default('dataset'),
  }),
  z.object({
    source: z.literal('dump'),
    name,
    records: z.array(dumpRecordSchema).min(1),
    limit: z.number().int().min(1).optional(),
    purpose: collectionPurposeSchema.default('dataset'),
  }),
  z.object({
    source: z.enum(['folder', 'dicom']),
    name,
    records: z.array(manifestRecordSchema).min(1),
    /** The files are 224 x 224 already and are taken as they are. */
    asPrepared: z.boolean().default(false),
    purpose: collectionPurposeSchema.default('dataset'),
  }),
]);
export type CollectionRequest = z.infer<typeof collectionRequestSchema>;
/** What a client sends: fields with a default may be left out. */
export type CollectionRequestInput = z.input<typeof collectionRequestSchema>;

export const stageCountsSchema = z.object({
  collected: z.number().int(),
  prepared: z.number().int(),
  rejected: z.number().int(),
  extracted: z.number().int(),
});
export type StageCounts = z.infer<typeof stageCountsSchema>;

/** `harvesting` until the scraper has seen every record; images settle after that. */
export const collectionStateSchema = z.enum(['requested', 'harvesting', 'harvested', 'failed']);

export const collectionSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  source: z.enum(['openi', 'dump', 'folder', 'dicom']),
  purpose: collectionPurposeSchema,
  state: collectionStateSchema,
  synthetic: z.boolean(),
  /** How many records the source announces, once known. */
  expected: z.number().int().nullable(),
  /** Why it failed, or which records could not be fetched. */
  message: z.string().nullable(),
  counts: stageCountsSchema,
  /** Every image is either rejected or has features. */
  settled: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Collection = z.infer<typeof collectionSchema>;
