import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';
import { cudaProvider } from './cuda-provider.js';

test('the CUDA provider is found in the folder of the binding, and nowhere else', async () => {
  await using folder = await temporaryFolder();
  const packageFile = path.join(folder.path, 'package.json');
  const beside = path.join(folder.path, 'bin', 'napi-v6', process.platform, process.arch);
  await mkdir(beside, { recursive: true });
  await mkdir(path.join(folder.path, 'bin', 'napi-v6', 'plan9', 'x64'), { recursive: true });
  await writeFile(path.join(folder.path, 'bin', 'napi-v6', 'plan9', 'x64', 'libonnxruntime_providers_cuda.so'), '');

  expect(cudaProvider(packageFile)).toBeUndefined();

  const provider = path.join(beside, 'libonnxruntime_providers_cuda.so');
  await writeFile(provider, '');
  expect(cudaProvider(packageFile)).toBe(provider);
});
