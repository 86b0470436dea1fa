import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';
import { taskSchema } from '../labels.js';

const examples = z.array(z.uuid());

/** What a label rule would make of the collected images, before anything is frozen or trained. */
export const taskPreviewRequestSchema = z.strictObject({
  task: taskSchema,
  /** The rule that it is held against: whose labels would change. */
  against: taskSchema.optional(),
});

export const taskPreviewSchema = z.object({
  /** Images of every collection that may be trained on, without the rejected ones. */
  images: z.number().int(),
  /** Of a view that the task leaves out. */
  otherViews: z.number().int(),
  /** Of its views, and in none of its classes: they take no part. */
  unlabelled: z.object({ images: z.number().int(), examples }),
  classes: z.array(z.object({ name: z.string(), images: z.number().int(), examples })),
  /** The most images first; `null` = takes no part. */
  changes: z.array(
    z.object({ from: z.string().nullable(), to: z.string().nullable(), images: z.number().int(), examples }),
  ),
});
export type TaskPreview = z.infer<typeof taskPreviewSchema>;

/** A task with what was kept of it. A saved rule never changes a frozen dataset: that holds its own copy. */
export const taskDetailSchema = z.object({
  task: taskSchema,
  /** It comes with the program; saving makes version 1 beside it. */
  preset: z.boolean(),
  /** Newest first. */
  versions: z.array(
    z.object({ version: z.number().int(), task: taskSchema, savedBy: z.string(), createdAt: z.iso.datetime() }),
  ),
  /** Frozen under a task of this name, newest first. */
  datasets: z.array(
    z.object({
      sha256: sha256Schema,
      images: z.number().int(),
      patients: z.number().int(),
      perClass: z.record(z.string(), z.number().int()),
      /** What its folds share between training and test, a sentence each; empty: the check found nothing. */
      leaks: z.array(z.string()),
      createdAt: z.iso.datetime(),
    }),
  ),
});
export type TaskDetail = z.infer<typeof taskDetailSchema>;
