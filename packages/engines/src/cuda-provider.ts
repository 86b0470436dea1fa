import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const FILES = ['libonnxruntime_providers_cuda.so', 'onnxruntime_providers_cuda.dll'];

/**
 * Where ONNX Runtime's CUDA provider lies, undefined where it is not installed. It comes apart from the npm package, into
 * the folder of the binding, and the binding itself never says that it is there.
 */
export function cudaProvider(
  packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json'),
): string | undefined {
  const binaries = path.join(path.dirname(packageFile), 'bin');
  return readdirSync(binaries)
    .flatMap((version) => FILES.map((file) => path.join(binaries, version, process.platform, process.arch, file)))
    .find((file) => existsSync(file));
}

/**
 * Keeps float32 products what they are called: NVIDIA's libraries otherwise cut factors to TF32's 10 bits, which moves
 * pool5 by more than an exact engine may. The library reads the variable when it is loaded.
 */
export function refuseTf32(): void {
  // oxlint-disable-next-line node/no-process-env -- NVIDIA's libraries are told so by nothing else
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
}
