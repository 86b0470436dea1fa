import type { EngineDescription, ModelSource, SessionOptions } from './session.js';
import type { Tensor, Tensors } from './tensor.js';

export type WorkerRequest =
  /** The first message. The model comes by message, not by workerData, which would hold it for the thread's life. */
  | { readonly kind: 'open'; readonly model: ModelSource; readonly options: SessionOptions }
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
export function transferList(arrays: Iterable<Uint8Array | Tensor['data']>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer, byteLength } of arrays) {
    if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffers.add(buffer);
  }
  return [...buffers];
}

/** The arrays of named tensors. */
export function arraysOf(tensors: Tensors): Tensor['data'][] {
  return Object.values(tensors).map(({ data }) => data);
}
