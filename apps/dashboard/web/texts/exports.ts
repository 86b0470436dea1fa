import type { ExportFormat } from '@xvision/contracts';

/** What is said of the files that a model leaves in. */
export const text = {
  title: 'Export',
  hint: 'Each file is made when it is first asked for, and is byte for byte what xvision export writes; its checksums lie beside it.',
  theExport: 'the files',
  format: 'Format',
  holds: 'What it holds',
  files: 'Files',
  make: (name: string) => `Make ${name}`,
  making: 'Making …',
  check: 'Put the checksums beside the file, then:',
  checkCommand: (file: string) => `xvision check-export ${file}`,
  sha256: (hash: string) => `sha256 ${hash}`,
  checksums: 'checksums',
  formats: {
    onnx: { name: 'ONNX', holds: 'one graph from pixels to probabilities: preprocessing, VGG16 and head' },
    tfjs: {
      name: 'TensorFlow.js',
      holds: 'the head as a LayersModel, from pool5 features to probabilities; model.json loads from its own address',
    },
    safetensors: { name: 'safetensors', holds: 'the weights of the head as they were trained, and its card as JSON' },
    card: { name: 'Model card', holds: 'Markdown: data, licences, performance, CLAIM 2024 and TRIPOD+AI' },
  } satisfies Record<ExportFormat, { name: string; holds: string }>,
} as const;
