import type { TrainingFeature, TrainingImage } from '@xvision/catalogue';
import { UnfitDatasetError } from '@xvision/learning';

/** What all features of a dataset have in common. */
export type Identity = Pick<TrainingFeature, 'backbone' | 'weights' | 'preprocessing' | 'numerics' | 'trained'>;

export interface ChosenFeatures {
  readonly identity: Identity;
  /** Image id → its row. */
  readonly rows: ReadonlyMap<string, string>;
}

/**
 * The one kind of features that every image has (an image without any was given up and takes no part). Of several, trained
 * weights go before untrained, exact numbers before approximate ones. Never mixes: throws {@link UnfitDatasetError}.
 */
export function chooseFeatures(images: readonly TrainingImage[], features: readonly TrainingFeature[]): ChosenFeatures {
  const wanted = new Set(images.map(({ imageId }) => imageId));
  const kinds = new Map<string, { identity: Identity; rows: Map<string, string> }>();
  const covered = new Set<string>();
  for (const { imageId, featureSha256, ...identity } of features) {
    if (!wanted.has(imageId)) continue;
    covered.add(imageId);
    const key = describeIdentity(identity);
    const kind = kinds.get(key) ?? { identity, rows: new Map<string, string>() };
    kind.rows.set(imageId, featureSha256);
    kinds.set(key, kind);
  }
  const complete = [...kinds.values()].filter(({ rows }) => rows.size === covered.size).sort(byPreference);
  const [chosen] = complete;
  if (chosen !== undefined) return chosen;
  if (kinds.size === 0) {
    throw new UnfitDatasetError('none of the images has features yet: start an extractor, wait, and train again');
  }
  const found = [...kinds].map(([key, { rows }]) => `${rows.size} from ${key}`).join('; ');
  throw new UnfitDatasetError(
    `the ${covered.size} images have features of different kinds (${found}), which must not be mixed: ` +
      'collect all of them again with one extractor, or train on collections that were prepared and extracted alike',
  );
}

function byPreference(left: { identity: Identity }, right: { identity: Identity }): number {
  const rank = ({ trained, numerics }: Identity): number => (trained ? 0 : 2) + (numerics === 'float32' ? 0 : 1);
  const difference = rank(left.identity) - rank(right.identity);
  if (difference !== 0) return difference;
  return describeIdentity(left.identity) < describeIdentity(right.identity) ? -1 : 1;
}

function describeIdentity({ backbone, weights, preprocessing, numerics }: Identity): string {
  return `${backbone} ${weights} ${preprocessing} ${numerics}`;
}
