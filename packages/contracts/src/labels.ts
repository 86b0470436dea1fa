import { z } from 'zod';

/** Unknown is masked out of loss and metrics, never read as absent. */
export const findingSchema = z.enum(['present', 'absent', 'unknown']);
export type Finding = z.infer<typeof findingSchema>;

export const viewSchema = z.enum(['frontal', 'lateral', 'unknown']);
export type View = z.infer<typeof viewSchema>;

/** What a source says about an image, before any task reads it. */
export const sourceLabelsSchema = z.object({
  /** MeSH major terms in the source's own spelling and order (Open-i). */
  mesh: z.array(z.string()).optional(),
  /** A single class name (the `label` column of a CSV). */
  label: z.string().optional(),
  /** One entry per finding column of a CSV. */
  findings: z.record(z.string(), findingSchema).optional(),
});
export type SourceLabels = z.infer<typeof sourceLabelsSchema>;

/** How a class is recognised. The first class whose rule matches wins, except under rule `seed`. */
export const classRuleSchema = z.discriminatedUnion('kind', [
  /** Any MeSH major term contains one of these, ignoring case. */
  z.object({ kind: z.literal('mesh-contains'), anyOf: z.array(z.string().min(1)).min(1) }),
  /** The MeSH major terms are exactly this set, ignoring case. */
  z.object({ kind: z.literal('mesh-exactly'), terms: z.array(z.string().min(1)).min(1) }),
  /** There are MeSH major terms and none of them is one of these, ignoring case. */
  z.object({ kind: z.literal('mesh-none-of'), terms: z.array(z.string().min(1)).min(1) }),
  /** The finding column has this value. */
  z.object({ kind: z.literal('finding'), name: z.string().min(1), is: z.enum(['present', 'absent']) }),
  /** Matches no MeSH terms or findings; only a CSV label equal to the class name. */
  z.object({ kind: z.literal('label-only') }),
]);
export type ClassRule = z.infer<typeof classRuleSchema>;

export const splitSchema = z.discriminatedUnion('kind', [
  /** Patient-grouped, stratified k-fold cross-validation: every image is tested once by a model that never saw its patient. */
  z.object({
    kind: z.literal('cross-validation'),
    folds: z.number().int().min(2).max(20),
    repeats: z.number().int().min(1).max(50).default(1),
  }),
  /** One patient-grouped, stratified hold-out. */
  z.object({ kind: z.literal('holdout'), testFraction: z.number().gt(0).lt(1) }),
  /** The published student project's split, faults included (science: the seed's data). */
  z.object({ kind: z.literal('seed') }),
]);
export type Split = z.infer<typeof splitSchema>;

/** A CSV label equal to a class name always counts as that class; `rule` reads the rest. */
export const taskSchema = z
  .object({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
    description: z.string().optional(),
    /** Order is the order of the model's outputs; the last class is the positive one of a two-class task. */
    classes: z
      .array(z.object({ name: z.string().min(1), rule: classRuleSchema }))
      .min(2)
      .max(20),
    /** `classes`: the rules above. `seed`: the published project's 15 concatenated substrings. */
    labelRule: z.enum(['classes', 'seed']).default('classes'),
    views: z.array(viewSchema).min(1).default(['frontal', 'unknown']),
    split: splitSchema.default({ kind: 'cross-validation', folds: 5, repeats: 1 }),
  })
  .refine((task) => new Set(task.classes.map((one) => one.name)).size === task.classes.length, {
    message: 'class names must differ',
    path: ['classes'],
  });
export type Task = z.infer<typeof taskSchema>;
