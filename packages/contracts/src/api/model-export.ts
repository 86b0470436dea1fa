import { z } from 'zod';
import { sha256Schema } from '../identifiers.js';

/**
 * `onnx`: one graph from pixels to probabilities. `tfjs`: the head as a LayersModel. `safetensors`: the head's own file and
 * its card. `card`: a model card in Markdown.
 */
export const exportFormatSchema = z.enum(['onnx', 'tfjs', 'safetensors', 'card']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** A model in one format: the files that hold it, and by what each is checked. */
export const modelExportSchema = z.object({
  model: z.uuid(),
  format: exportFormatSchema,
  /** Each under its name below the address of this answer. */
  files: z.array(z.object({ name: z.string(), sha256: sha256Schema, byteLength: z.number().int() })).min(1),
  /** Name of one more file: their checksums as `sha256sum --check` and `xvision check-export` read them. */
  checksums: z.string(),
  notice: z.literal('Research use only; not a medical device'),
});
export type ModelExport = z.infer<typeof modelExportSchema>;
