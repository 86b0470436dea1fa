import type { Vgg16Weights } from '@xvision/backbone';
import { type LoadedHead, loadHead } from '@xvision/learning';
import { composeLayersModel, LAYERS_FILE, WEIGHTS_FILE } from './layers-model.js';
import { composeOnnx } from './onnx-model.js';

/** A format that holds the model itself; its card is made from the catalogue. */
export type ModelFormat = 'onnx' | 'tfjs' | 'safetensors';

export interface ExportedFile {
  /** Without a folder, and of letters that any file system takes. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface ExportNeeds {
  /** Begins the name of every file whose name is not fixed by its format. */
  readonly stem: string;
  /** Asked for only where the format holds the backbone too. */
  readonly weights: () => Promise<Vgg16Weights>;
}

/**
 * The files of a model in one format, the same bytes each time. A file that names others comes after them. Throws
 * `UnexportableError`, and whatever {@link loadHead} throws of bytes or a card that are not the model's.
 */
export async function composeExport(
  format: ModelFormat,
  { bytes, card }: { readonly bytes: Uint8Array; readonly card: unknown },
  { stem, weights }: ExportNeeds,
): Promise<ExportedFile[]> {
  await using head = await loadHead(bytes, card);
  if (format === 'onnx') return [{ name: `${stem}.onnx`, content: composeOnnx(await weights(), head) }];
  if (format === 'tfjs') return layersFiles(head);
  return [
    { name: `${stem}.safetensors`, content: bytes },
    { name: `${stem}.safetensors.json`, content: Buffer.from(cardText(head)) },
  ];
}

function layersFiles(head: LoadedHead): ExportedFile[] {
  const { json, weights } = composeLayersModel(head);
  return [
    { name: WEIGHTS_FILE, content: weights },
    { name: LAYERS_FILE, content: Buffer.from(json) },
  ];
}

/** The safetensors file stays byte for byte what the catalogue names, so that its sha256 proves it; the card lies beside it. */
function cardText({ card }: LoadedHead): string {
  return `${JSON.stringify({ ...card, notice: 'Research use only; not a medical device' }, undefined, 2)}\n`;
}
