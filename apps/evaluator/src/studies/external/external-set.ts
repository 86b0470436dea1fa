import { findCollection, listExternalImages, listPreprocessingsOfDataset } from '@xvision/catalogue';
import type { ExternalResult, RequestOf, ScoringProfile } from '@xvision/contracts';
import { evaluateScores, externalSentence, pointAt } from '@xvision/evaluation';
import {
  DamagedFileError,
  type ExpectedFeatures,
  type LoadedHead,
  loadHead,
  ModelMismatchError,
} from '@xvision/learning';
import { reportOnRun } from '../../run-report.js';
import { ensureProfile } from '../../scoring/ensure-profile.js';
import { calibrated, judgeImages } from '../../scoring/judge-images.js';
import { scoreRows } from '../../scoring-head.js';
import { factsOfRun } from '../facts-of-run.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { type Participant, takePart } from './take-part.js';

/** Examines the model of a run on a collection that it never saw. */
export async function examineOnExternalSet(
  needs: StudyNeeds,
  { about, collection: collectionId }: RequestOf<'external'>,
  { progress }: StudyHooks,
): Promise<ExternalResult> {
  const { catalogue, blobs } = needs;
  const facts = await factsOfRun(catalogue, about);
  const { run, model, dataset } = facts;
  const collection = await findCollection(catalogue, collectionId);
  if (collection === undefined) throw new UnfitStudyError(`there is no collection ${collectionId}`);
  const images = await listExternalImages(catalogue, { collectionId, datasetSha256: dataset.sha256 }, dataset);
  const { participants, excluded } = takePart(images, {
    task: dataset.task,
    preprocessings: await listPreprocessingsOfDataset(catalogue, dataset.sha256),
  });
  if (participants.length === 0) {
    throw new UnfitStudyError(
      `no image of ${collection.name} can examine the model: ${inWords(excluded)}. Its labels must name ${dataset.task.classes.map(({ name }) => name).join(' or ')}`,
    );
  }
  progress(0, participants.length, 'scored');
  const profile = await ensureProfile({ catalogue, blobs }, { id: model.id, dataset });
  const { backbone, weights, numerics } = dataset;
  const classes = dataset.task.classes.map(({ name }) => name);
  const expected = { backbone, weights, numerics, classes };
  await using head = await openFitting(await blobs.get(model.sha256), model.card, expected);
  const scores = await scoreRows(
    blobs,
    head,
    participants.map(({ featureSha256 }) => featureSha256),
  );
  const judged = await judgeImages(blobs, participants, profile);
  const unlike =
    profile.guard === null ? null : judged.filter(({ objection }) => objection?.reason === 'unlike').length;
  const internal = reportOnRun(facts);
  const measured = measure({ participants, scores, profile }, internal.report.metrics.classes);
  return {
    kind: 'external',
    task: run.taskName,
    head: run.settings.head,
    synthetic: internal.report.synthetic || participants.some(({ synthetic }) => synthetic),
    collection: collection.name,
    images: participants.length,
    patients: new Set(participants.map(({ patient }) => patient)).size,
    excluded,
    unlike,
    internalAuc: internal.report.metrics.auc,
    ...measured,
    sentence: externalSentence({ internal: internal.report.metrics.auc, external: measured.auc }),
    notice: 'Research use only; not a medical device',
  };
}

/** Throws {@link UnfitStudyError} where the model is another than its run says. */
async function openFitting(bytes: Uint8Array, card: unknown, expected: ExpectedFeatures): Promise<LoadedHead> {
  try {
    return await loadHead(bytes, card, expected);
  } catch (error) {
    if (error instanceof ModelMismatchError || error instanceof DamagedFileError) {
      throw new UnfitStudyError(error.message, { cause: error });
    }
    throw error;
  }
}

function inWords(excluded: ExternalResult['excluded']): string {
  const { rejected, unextracted, otherPreprocessing, otherView, unlabelled, trainedOn } = excluded;
  return `${rejected} rejected, ${unextracted} without features of the model's backbone, ${otherPreprocessing} prepared in another way, ${otherView} of another view, ${unlabelled} without a label of the task, ${trainedOn} of patients or pictures that it was trained on`;
}

function measure(
  given: { participants: readonly Participant[]; scores: readonly number[][]; profile: ScoringProfile },
  classes: readonly string[],
) {
  const { participants, scores, profile } = given;
  const images = participants.map(({ label, patient }, i) => ({
    label,
    patient,
    folds: [0],
    scores: [{ repeat: 0, fold: 0, probabilities: calibrated(scores[i] ?? [], profile) }],
    grey: null,
    covariates: { age: null, sex: null, view: null },
  }));
  const context = { task: '', synthetic: false, untrainedBackbone: false, leaks: [], aboutNodules: false };
  const { metrics, named } = evaluateScores({ classes, images, context });
  const point = profile.operatingPoint;
  return {
    auc: metrics.auc,
    accuracy: metrics.accuracy,
    brier: metrics.brier,
    calibrationError: named.get('calibration-error')?.value ?? null,
    classes: metrics.classes,
    confusion: metrics.confusion,
    perClass: metrics.perClass,
    operatingPoint:
      point === null
        ? null
        : {
            class: point.class,
            threshold: point.threshold,
            ...pointAt(
              point.threshold,
              images.map(({ label, patient, scores: [first] }) => ({
                positive: label === 1,
                patient,
                score: first?.probabilities[1] ?? 0,
              })),
            ),
          },
  };
}
