import type { ModelFormat } from '@xvision/export';

/** A model to be written in one format, and where the thread finds what it needs. */
export interface ExportQuestion {
  readonly model: { readonly sha256: string; readonly card: unknown };
  readonly format: ModelFormat;
  /** Begins the names of the files. */
  readonly stem: string;
  readonly where: ExportNeeds;
}

export interface ExportNeeds {
  readonly storeRoot: string;
  /** Where fetched weights are kept. */
  readonly cacheDir: string | undefined;
  readonly weightsFile: string | undefined;
  readonly offline: boolean;
}

/** A file that lies in the store. */
export interface StoredExport {
  readonly name: string;
  readonly sha256: string;
  readonly byteLength: number;
}

export type ExportReply =
  | { readonly files: readonly StoredExport[] }
  | { readonly error: { readonly name: string; readonly message: string } };
