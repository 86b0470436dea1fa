import { cpus } from 'node:os';
import type { TrainingForm } from '@xvision/contracts';
import { onnxLibrary, openTensorLibrary } from '@xvision/engines';

/** Counts up with every change of our own code that changes last bits of what is trained. */
const STEPS = 7;

/**
 * What trains in this form here: the library with its version, the version of the steps that it is given, and the
 * processor. The same engine gives the same bits.
 */
export async function trainingEngine(form: TrainingForm, nativeModules?: string): Promise<string> {
  const libraries = nativeModules === undefined ? {} : { nativeModules };
  const library = form === 'dual' ? onnxLibrary() : (await openTensorLibrary(libraries)).library;
  return `${library}, steps ${STEPS} on ${cpus()[0]?.model.trim() ?? process.arch}`;
}
