import type { ExternalImage } from '@xvision/catalogue';
import type { ExternalResult, Task } from '@xvision/contracts';
import { labelOf } from '@xvision/learning';

/** An external image that takes part, with its class. */
export interface Participant extends ExternalImage {
  readonly featureSha256: string;
  readonly label: number;
}

/** Which images of a collection a model, trained on images prepared in these ways, can be examined on, and how many fall out by which reason. */
export function takePart(
  images: readonly ExternalImage[],
  { task, preprocessings }: { readonly task: Task; readonly preprocessings: readonly string[] },
): { participants: Participant[]; excluded: ExternalResult['excluded'] } {
  const excluded = { rejected: 0, unextracted: 0, otherPreprocessing: 0, otherView: 0, unlabelled: 0, trainedOn: 0 };
  const participants: Participant[] = [];
  for (const image of images) {
    const { featureSha256 } = image;
    const label = labelOf(task, image.labels);
    if (image.rejected) excluded.rejected += 1;
    else if (featureSha256 === null) excluded.unextracted += 1;
    else if (!preprocessings.includes(image.preprocessing ?? '')) excluded.otherPreprocessing += 1;
    else if (!task.views.includes(image.view)) excluded.otherView += 1;
    else if (label === undefined) excluded.unlabelled += 1;
    else if (image.trainedOn) excluded.trainedOn += 1;
    else participants.push({ ...image, featureSha256, label });
  }
  return { participants, excluded };
}
