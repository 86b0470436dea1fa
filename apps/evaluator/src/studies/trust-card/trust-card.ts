import { findDatasetOfModel, findModel } from '@xvision/catalogue';
import type { MethodTrust, RequestOf, TrustCardResult } from '@xvision/contracts';
import { seededRandom } from '@xvision/evaluation';
import { headNetworks, isCellMethod, targetOf, UnexplainableError } from '@xvision/explanation';
import { DamagedFileError, type LoadedHead, loadHead, ModelMismatchError } from '@xvision/learning';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { chosenImages } from './chosen-images.js';
import { stepsOfImage, testMethods } from './test-methods.js';
import type { TrustContext } from './trust-context.js';

/**
 * Puts the maps of a model to tests that a worthless map fails. Throws {@link UnfitStudyError} for a model that is not
 * there, that cannot be explained, or whose backbone is not at hand.
 */
export async function trustCard(
  needs: StudyNeeds,
  request: RequestOf<'trust-card'>,
  hooks: StudyHooks,
): Promise<TrustCardResult> {
  try {
    const { head, dataset } = await loadModel(needs, request.about);
    await using loaded = head;
    return await testModel(needs, request, { hooks, head: loaded, dataset });
  } catch (error) {
    const known = error instanceof UnexplainableError || error instanceof ModelMismatchError;
    if (known || error instanceof DamagedFileError) throw new UnfitStudyError(error.message, { cause: error });
    throw error;
  }
}

async function loadModel({ catalogue, blobs }: StudyNeeds, id: string): Promise<{ head: LoadedHead; dataset: string }> {
  const model = await findModel(catalogue, id);
  const dataset = await findDatasetOfModel(catalogue, id);
  if (model === undefined || dataset === undefined) throw new UnfitStudyError(`there is no model ${id}`);
  return { head: await loadHead(await blobs.get(model.sha256), model.card), dataset: dataset.sha256 };
}

interface Tested {
  readonly hooks: StudyHooks;
  readonly head: LoadedHead;
  readonly dataset: string;
}

async function testModel(
  needs: StudyNeeds,
  { methods, images: count, seed, class: asked }: RequestOf<'trust-card'>,
  { hooks, head: { card, tensors }, dataset }: Tested,
): Promise<TrustCardResult> {
  if (card.numerics !== 'float32' && !methods.every(isCellMethod)) {
    throw new UnfitStudyError(
      `the model was trained on ${card.numerics} features, and its trust can be tested through the float32 network only`,
    );
  }
  const { className, factors } = targetOf(card, asked);
  const networks = headNetworks({ card, tensors });
  const chosen = await chosenImages(needs, { dataset, className, images: count, seed });
  const weights = await needs.weights(card.trainedBackbone);
  if (weights.identity !== card.weights) {
    throw new UnfitStudyError(
      `the model was trained on the weights ${card.weights}, these (${weights.origin}) are ${weights.identity}: ` +
        'name the right file in XVISION_WEIGHTS for the evaluator',
    );
  }
  const random = seededRandom(seed);
  const context: TrustContext = {
    ...chosen,
    networks,
    weights,
    target: factors,
    threads: needs.threads,
    random: () => random.uint32() / 2 ** 32,
    step: stepper(hooks, chosen.images.length * stepsOfImage(methods.length, networks.length)),
  };
  const tested = await testMethods(context, methods);
  return {
    kind: 'trust-card',
    task: card.task,
    head: card.head,
    class: className,
    synthetic: card.synthetic,
    untrainedBackbone: !card.trainedBackbone,
    images: chosen.images.length,
    located: chosen.located.length,
    methods: tested,
    verdict: inWords(tested),
    notice: 'Research use only; not a medical device',
  };
}

function stepper({ progress, signal }: StudyHooks, total: number): (what: string) => void {
  let done = 0;
  return (what) => {
    signal.throwIfAborted();
    progress(done, total, what);
    done += 1;
  };
}

function inWords(tested: readonly MethodTrust[]): string {
  const of = (verdict: MethodTrust['verdict']) =>
    tested.filter((one) => one.verdict === verdict).map(({ method }) => method);
  const [passed, failed, untested] = [of('passed'), of('failed'), of('untested')];
  return [
    passed.length === 0
      ? 'No method passed: no map of this model is evidence.'
      : `May be shown as evidence: ${passed.join(', ')}.`,
    ...(failed.length === 0 ? [] : [`Failed, no evidence: ${failed.join(', ')}.`]),
    ...(untested.length === 0 ? [] : [`Not tested in full, no evidence: ${untested.join(', ')}.`]),
  ].join(' ');
}
