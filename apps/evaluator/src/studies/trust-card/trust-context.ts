import type { Vgg16Weights } from '@xvision/backbone';
import type { HeadNetwork } from '@xvision/explanation';
import type { ChosenImage, LocatedRow } from './chosen-images.js';

/** What the tests of a card share. */
export interface TrustContext {
  readonly networks: readonly HeadNetwork[];
  /** One factor a logit. */
  readonly target: readonly number[];
  readonly weights: Vgg16Weights;
  readonly threads: number;
  readonly images: readonly ChosenImage[];
  readonly located: readonly LocatedRow[];
  /** In [0, 1). */
  readonly random: () => number;
  /** Counts one more map or curve; throws when the service stops. */
  readonly step: (what: string) => void;
}
