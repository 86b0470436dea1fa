import type { EngineDescription, ModelSource, SessionOptions } from './session.js';
import type { Tensors } from './tensor.js';

export interface WorkerStart {
  readonly model: ModelSource;
  readonly options: SessionOptions;
}

export type WorkerRequest =
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly feeds: Tensors;
      readonly outputs: readonly string[] | undefined;
    }
  | { readonly kind: 'close' };

export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
}

export type WorkerReply =
  | {
      readonly kind: 'ready';
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly description: EngineDescription;
    }
  | { readonly kind: 'failed'; readonly failure: WorkerFailure }
  | { readonly kind: 'result'; readonly id: number; readonly tensors: Tensors }
  | { readonly kind: 'error'; readonly id: number; readonly failure: WorkerFailure };

/** The buffers to move across the border instead of copying; views into shared or pooled memory are copied. */
export function transferList(tensors: Tensors): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    const { buffer } = data;
    if (buffer instanceof ArrayBuffer && data.byteLength === buffer.byteLength) buffers.add(buffer);
  }
  return [...buffers];
}
