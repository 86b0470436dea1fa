import type { Catalogue } from '@xvision/catalogue';
import { evaluationRequested, modelTrained, studyRequested } from '@xvision/contracts';
import type { Bus, Subscription } from '@xvision/message-bus';
import { CONSUMER } from './consumer.js';
import { evaluateRun } from './evaluate-run.js';
import type { EvaluatorMetrics } from './evaluator-metrics.js';
import { giveUp } from './give-up.js';
import { type PredictNeeds, predictImages } from './predict-images.js';
import { runStudy, STUDIES } from './studies/run-study.js';
import type { StudyNeeds } from './studies/study.js';

export interface SubscriptionNeeds {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly catalogue: Catalogue;
  readonly blobs: PredictNeeds['blobs'];
  readonly openHead: PredictNeeds['openHead'];
  readonly measured: EvaluatorMetrics;
  /** Threads of a study. */
  readonly threads: number;
  readonly nativeModules?: string | undefined;
  readonly weights: StudyNeeds['weights'];
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
}

/** Takes trained models, and what people ask for: a new evaluation, a prediction or a study. */
export async function subscribeAll(needs: SubscriptionNeeds): Promise<Subscription> {
  const { bus, catalogue, measured } = needs;
  const onDeadLetter = (letter: Parameters<typeof giveUp>[1]) => giveUp(catalogue, letter);
  const trained = await bus.subscribe(
    modelTrained,
    { durable: CONSUMER, stream: 'XV_MODELS', onDeadLetter },
    async (event) => {
      const started = performance.now();
      const { runId: id } = event.data;
      measured.done({ job: 'run', id, outcome: await evaluateRun(needs, event, id), started });
    },
  );
  const requested = await bus.subscribe(
    evaluationRequested,
    { durable: CONSUMER, stream: 'XV_RUNS', onDeadLetter },
    async (event) => {
      const started = performance.now();
      const { data } = event;
      if (data.kind === 'run') {
        const { runId: id } = data;
        measured.done({ job: 'run', id, outcome: await evaluateRun(needs, event, id), started });
      } else {
        const { predictionJobId: id } = data;
        measured.done({ job: 'prediction', id, outcome: await predictImages(needs, event, id), started });
      }
    },
  );
  const studies = await bus.subscribe(
    studyRequested,
    { durable: STUDIES, stream: 'XV_RUNS', onDeadLetter },
    async (event) => {
      const started = performance.now();
      const { studyId: id } = event.data;
      measured.done({ job: 'study', id, outcome: await runStudy(needs, event), started });
    },
  );
  async function stop(): Promise<void> {
    await Promise.all([trained.stop(), requested.stop(), studies.stop()]);
  }
  return { stop, [Symbol.asyncDispose]: stop };
}
