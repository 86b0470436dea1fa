import type { TrainingForm } from '@xvision/contracts';
import { onnxLibrary, openTensorLibrary } from '@xvision/engines';

/** The library that trains in this form here, with its version. */
export async function trainingLibrary(form: TrainingForm): Promise<string> {
  return form === 'dual' ? onnxLibrary() : (await openTensorLibrary()).library;
}
