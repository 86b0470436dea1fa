import { bundledOnnxEngines, onnxLibrary } from './onnx-session.js';
import type { EngineName } from './session.js';

export interface AvailableEngine {
  readonly engine: EngineName;
  readonly library: string;
}

/** Optional native packages and the engine that each brings. */
const TENSORFLOW_PACKAGES = [
  { engine: 'tensorflow', name: '@tensorflow/tfjs-node' },
  { engine: 'tensorflow-gpu', name: '@tensorflow/tfjs-node-gpu' },
] as const;

/**
 * The engines whose library is installed. That a provider is bundled does not promise a device: opening a session
 * says so with `EngineUnavailableError`.
 */
export async function availableEngines(): Promise<AvailableEngine[]> {
  const onnx = bundledOnnxEngines().map((engine) => ({ engine, library: onnxLibrary() }));
  const tensorflow = await Promise.all(
    TENSORFLOW_PACKAGES.map(async ({ engine, name }) => {
      const version = await installedVersion(name);
      return version === undefined ? [] : [{ engine, library: `${name} ${version}` }];
    }),
  );
  return [...onnx, ...tensorflow.flat()];
}

/** Importing is the only honest test: a package whose native part is missing fails here. */
async function installedVersion(name: string): Promise<string | undefined> {
  try {
    const library = (await import(name)) as { version?: Readonly<Record<string, string>> };
    return library.version?.['tfjs-node'] ?? library.version?.['tfjs-core'] ?? 'unknown';
  } catch {
    return undefined;
  }
}
