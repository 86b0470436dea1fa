import type { DatasetMember, TrainingImage } from '@xvision/catalogue';
import type { Task } from '@xvision/contracts';
import {
  assignFolds,
  labelOf,
  labelsOutside,
  NEVER_TESTED,
  type SeedRecord,
  seedSplit,
  UnfitDatasetError,
} from '@xvision/learning';

/** An image with its class and its features. */
export interface Labelled extends TrainingImage {
  readonly label: number;
  readonly featureSha256: string;
}

/** A member with what names it in every catalogue. */
export interface SelectedMember extends DatasetMember {
  readonly collection: string;
  readonly externalId: string;
  readonly preparedSha256: string;
  readonly synthetic: boolean;
  readonly perceptualHash: string | null;
}

/** Images of an allowed view with a class in the task. Throws {@link UnfitDatasetError} where there is none. */
export function labelledImages(
  task: Task,
  images: readonly TrainingImage[],
): (TrainingImage & { readonly label: number })[] {
  const seen = images.filter(({ view }) => task.views.includes(view));
  const labelled = seen.flatMap((image) => {
    const label = labelOf(task, image.labels);
    return label === undefined ? [] : [{ ...image, label }];
  });
  if (labelled.length > 0) return labelled;
  const classes = task.classes.map(({ name }) => name).join(', ');
  const others = labelsOutside(
    task,
    images.map(({ labels }) => labels),
  ).slice(0, 10);
  throw new UnfitDatasetError(
    `the task ${task.name} has no images: of ${images.length} prepared images ${seen.length} have a view it allows ` +
      `(${task.views.join(', ')}) and none of these has a label it knows (${classes})` +
      (others.length === 0 ? '.' : `; the labels there are: ${others.join(', ')}.`) +
      ' Check the labels and the task.',
  );
}

/** The members of a dataset with their folds. Throws {@link UnfitDatasetError} when the split cannot be made. */
export function selectMembers(
  task: Task,
  labelled: readonly Labelled[],
  { seed, records }: { seed: number; records: readonly SeedRecord[] },
): SelectedMember[] {
  const { split } = task;
  if (split.kind === 'seed') return seedMembers(labelled, records);
  const images = withoutCopies(labelled);
  const classNames = task.classes.map(({ name }) => name);
  const repeats = assignFolds(images, { split, classNames, seed });
  return images.map((image, index) =>
    member(
      image,
      repeats.map((folds) => folds[index] ?? NEVER_TESTED),
    ),
  );
}

/** A picture of a patient that is in two collections counts once. */
function withoutCopies(images: readonly Labelled[]): Labelled[] {
  const known = new Map<string, Labelled>();
  for (const image of images) {
    const key = `${image.patient}\n${image.preparedSha256}\n${image.label}`;
    if (!known.has(key)) known.set(key, image);
  }
  return [...known.values()];
}

/** The seed's faults are wanted here: images in both sets are members twice. */
function seedMembers(labelled: readonly Labelled[], records: readonly SeedRecord[]): SelectedMember[] {
  const { train, test } = seedSplit(records);
  const byId = new Map(labelled.map((image) => [image.externalId, image]));
  const pick = (ids: readonly string[], fold: number): SelectedMember[] =>
    ids.flatMap((id) => {
      const image = byId.get(id);
      return image === undefined ? [] : [member(image, [fold])];
    });
  return [...pick(train, NEVER_TESTED), ...pick(test, 0)];
}

function member(image: Labelled, folds: readonly number[]): SelectedMember {
  const { imageId, label, patient, featureSha256, collection, externalId, preparedSha256, ...rest } = image;
  const { synthetic, perceptualHash } = rest;
  return {
    imageId,
    label,
    patient,
    featureSha256,
    folds,
    collection,
    externalId,
    preparedSha256,
    synthetic,
    perceptualHash,
  };
}
