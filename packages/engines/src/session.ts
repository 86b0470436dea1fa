import type { Tensors } from './tensor.js';

/** Where graphs can run. `tensorflow*` are optional native packages; see {@link askEngines}. */
export type EngineName = 'onnx-cpu' | 'onnx-cuda' | 'onnx-webgpu' | 'tensorflow' | 'tensorflow-gpu';

/** What runs a graph, as the library itself reports it. */
export interface EngineDescription {
  readonly engine: EngineName;
  /** The library and its version, for example `onnxruntime-node 1.30.0`. */
  readonly library: string;
  /** Where the work is done, for example `cpu`, or `cuda`. */
  readonly device: string;
  /** Of one copy. */
  readonly threads: number;
  /** Copies of the graph that compute at once; 1 where it is not said. */
  readonly copies?: number;
}

/** A loaded graph. One `run` at a time is computed; further calls wait their turn. */
export interface Session extends AsyncDisposable {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Computes the graph. `outputs` restricts what is returned (all outputs unless told).
   * Rejects with the engine's own message when a name, type or shape does not fit.
   */
  run(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors>;
  describe(): EngineDescription;
}

export interface SessionOptions {
  /** Threads inside one operator; more threads than cores slow small products twentyfold. 1 unless told. */
  readonly threads?: number;
  /** `onnx-cpu` unless told. */
  readonly engine?: EngineName;
  /**
   * Keep scratch memory between runs (ONNX Runtime's arena). Quicker for graphs that always see the same shapes;
   * without it memory goes back to the system after each run. True unless told.
   */
  readonly arena?: boolean;
  /** Folder with a node_modules of its own in which optional native packages are looked for, beside the project's. */
  readonly nativeModules?: string;
}

/** A model as bytes or as the path of a file. */
export type ModelSource = Uint8Array | string;

/** Raised when the thread of an engine is gone: this process computes nothing any more and should be started again. */
export class EngineLostError extends Error {
  override readonly name = 'EngineLostError';
}

/** Raised when an engine is not installed or cannot run on this machine; the message says what to do. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
}

/**
 * `onnx-cpu (onnxruntime-node 1.30.0, cpu, 2 threads)`: the form that catalogue rows and events carry. A variant of the
 * graph other than `plain` stands behind the engine's name.
 */
export function engineLabel(description: EngineDescription, variant = 'plain'): string {
  const { engine, library, device, threads, copies = 1 } = description;
  const name = variant === 'plain' ? engine : `${engine} ${variant}`;
  const times = copies === 1 ? '' : `${copies} x `;
  return `${name} (${library}, ${device}, ${times}${threads} ${threads === 1 ? 'thread' : 'threads'})`;
}
