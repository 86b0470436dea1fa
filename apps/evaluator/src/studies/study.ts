import type { Vgg16Weights } from '@xvision/backbone';
import type { BlobStore } from '@xvision/blob-store';
import type { Catalogue } from '@xvision/catalogue';

/**
 * What every kind of study may use. A kind is one function of these, its request and the hooks; it must not hold up the
 * calling thread for long (it renews the claim on the event), and throws {@link UnfitStudyError} when the question cannot
 * be answered, however often it is tried.
 */
export interface StudyNeeds {
  readonly catalogue: Pick<Catalogue, 'prisma'>;
  readonly blobs: Pick<BlobStore, 'get' | 'put'>;
  /** Threads that a study may compute with. */
  readonly threads: number;
  /** Where TensorFlow.js' native package is looked for, beside the project's own. */
  readonly nativeModules?: string | undefined;
  /** The backbone's weights: the trained ones at hand, or the untrained stand-in. Throws {@link UnfitStudyError} where there are none. */
  readonly weights: (trained: boolean) => Promise<Vgg16Weights>;
}

export interface StudyHooks {
  /** Called as often as wanted; people see it. */
  readonly progress: (done: number, total: number, what: string) => void;
  /** Aborted when the service stops: what is begun is dropped and begun again by the next copy. */
  readonly signal: AbortSignal;
}

/** The study cannot be answered; its message is what the person who asked reads. */
export class UnfitStudyError extends Error {
  override readonly name = 'UnfitStudyError';
}
