import { headCardSchema } from '@xvision/learning';
import { counted, splitOf, trainingOf } from './model-card-words.js';
import type { ModelFacts } from './model-facts.js';

export type Answers = Readonly<Record<string, string>>;

/** What the catalogue can answer of CLAIM 2024 and of TRIPOD+AI, by item; every other item is open. */
export function checklistAnswers(facts: ModelFacts): { claim: Answers; tripod: Answers } {
  const { model, run, report, images, patients } = facts;
  const card = headCardSchema.parse(model.card);
  const { counts, engine, head, metrics } = report;
  const rules = run.settings.task.classes.map(({ name, rule }) => `${name}: ${JSON.stringify(rule)}`).join('; ');
  const sources = counted(facts.collections);
  const preparation = `${card.preprocessing}: centre crop to the short edge, 224 x 224; then ${card.backbone} up to pool5 (weights ${card.weights})`;
  const flow = `${counts.collected} images collected, ${counts.rejected} rejected with a reason each, ${images} used, of ${patients} patients`;
  const eligibility = `views ${run.settings.task.views.join(', ')}; a label that the task knows (${rules}); readable files`;
  const training = trainingOf(card);
  const reference = `labels of the source, read by rules: ${rules}`;
  const missing = 'an image whose label is unknown takes no part; unknown is never read as absent';
  const uncertainty = '95 % intervals by patient bootstrap, DeLong or Wilson, as the report of the run says';
  const baseline = metrics.baseline === null ? 'no baseline could be fitted' : metrics.baseline.verdict;
  return {
    claim: {
      '7': sources,
      '8': eligibility,
      '9': preparation,
      '11': 'DICOM tags by an allow-list, patient ids as salted hashes, on entry; nobody looked for text burnt into pixels',
      '12': missing,
      '14': reference,
      '19': splitOf(run.settings),
      '20': run.settings.task.split.kind === 'seed' ? 'image, with the faults of the published split' : 'patient',
      '22': `${card.head} on ${card.featureLength} features of ${card.backbone}; classes ${card.classes.join(', ')}`,
      '23': `Xvision; features by ${engine}`,
      '24': `backbone ${card.trainedBackbone ? 'pretrained on ImageNet' : 'UNTRAINED'}; head drawn from seed ${card.hyperParameters.seed}`,
      '25': training,
      '26': 'the last epoch; nothing was selected by its result',
      ...(head === 'seed-ensemble' ? { '27': 'mean probability of five networks from five seeds' } : {}),
      '28': 'AUC, accuracy, precision, recall, F1, Brier score',
      '29': uncertainty,
      '30': `baseline without a network: ${baseline}`,
      '32': `${counts.test} images scored by networks that never saw their patient`,
      '35': flow,
      '37': 'see Performance',
      '38': 'see Performance',
      '43': `model ${model.sha256}, dataset ${model.dataset}`,
    },
    tripod: {
      '5': sources,
      '6': eligibility,
      '7': preparation,
      '8': reference,
      '9': `${card.featureLength} features of ${card.backbone}, no clinical variables`,
      '11': missing,
      '12': `${training}; ${splitOf(run.settings)}; ${uncertainty}`,
      '13': `classes as they are (${counted(facts.classes)}); nothing was resampled or reweighted`,
      '15': `one probability per class (${card.classes.join(', ')}); the most probable one is predicted`,
      '16': splitOf(run.settings),
      '20': flow,
      '21': `${counts.train} images trained on, ${counts.test} tested`,
      '22': `weights under sha256 ${model.sha256}; card below`,
      '23': 'see Performance',
    },
  };
}
