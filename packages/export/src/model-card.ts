import { headCardSchema } from '@xvision/learning';
import { type Answers, checklistAnswers } from './checklist-answers.js';
import { type Checklist, CLAIM_2024, TRIPOD_AI } from './checklists.js';
import { counted, estimated, splitOf, trainingOf } from './model-card-words.js';
import { type ModelFacts, NO_LICENCE } from './model-facts.js';

/** A model card in Markdown, every figure of it from the catalogue. It carries no image and no patient. */
export function modelCard(facts: ModelFacts): string {
  const { claim, tripod } = checklistAnswers(facts);
  const sections = [
    heading(facts),
    data(facts),
    performance(facts),
    scoring(facts),
    warnings(facts),
    training(facts),
    checklist('CLAIM 2024', CLAIM_2024, claim),
    checklist('TRIPOD+AI', TRIPOD_AI, tripod),
  ];
  return `${sections.join('\n\n')}\n`;
}

function heading({ model, run, images, patients }: ModelFacts): string {
  const marks = [
    ...(model.synthetic ? ['**SYNTHETIC DATA: nothing here is about patients.**'] : []),
    ...(model.untrainedBackbone ? ['**UNTRAINED BACKBONE: the scores mean nothing.**'] : []),
  ];
  return [
    `# Model card: ${plain(run.task)}`,
    '',
    '**Research use only; not a medical device.**',
    ...marks,
    '',
    `Tells ${run.settings.task.classes.map(({ name }) => plain(name)).join(' from ')} on chest radiographs. Trained on ${images} images of ${patients} patients.`,
  ].join('\n');
}

function data({ model, images, patients, views, collections, licences, classes }: ModelFacts): string {
  const unknown = licences.get(NO_LICENCE) ?? 0;
  return section('Data', [
    ['images', String(images)],
    ['patients', String(patients)],
    ['per class', counted(classes)],
    ['views', counted(views)],
    ['collections', counted(collections)],
    ['licences', counted(licences)],
    ...(unknown > 0
      ? [row('before passing it on', `find out the licence of ${unknown} images that came without one`)]
      : []),
    ['dataset', `sha256 ${model.dataset}`],
  ]);
}

const row = (name: string, value: string) => [name, value] as const;

function performance({ report: { metrics, counts } }: ModelFacts): string {
  const { baseline } = metrics;
  const rows = [
    row('tested', `${counts.test} images, by networks that never saw their patient`),
    row('AUC', estimated(metrics.auc)),
    row('AUC within folds', metrics.withinFoldAuc?.toFixed(3) ?? 'no folds'),
    row('accuracy', estimated(metrics.accuracy)),
    row('Brier score', estimated(metrics.brier)),
    ...metrics.perClass.flatMap(({ label, precision, recall, f1, support }) => [
      row(`${label}: precision`, estimated(precision)),
      row(`${label}: recall`, `${estimated(recall)} of ${support}`),
      row(`${label}: F1`, estimated(f1)),
    ]),
    row('baseline without a network: AUC', baseline === null ? 'could not be fitted' : estimated(baseline.auc)),
    ...(baseline === null ? [] : [row('gain over it', estimated(baseline.gain)), row('verdict', baseline.verdict)]),
    row(
      'confusion matrix',
      `${metrics.confusion.map((line) => line.join(' ')).join(' / ')} (true rows, predicted columns)`,
    ),
  ];
  return section('Performance (95 % intervals)', rows);
}

/** How a probability is read: what `xvision predict` does with it. */
function scoring({ model: { profile } }: ModelFacts): string {
  if (profile === null)
    return '## Scores\n\nNot calibrated, and without an operating point: the model is not evaluated yet.';
  const { temperature, uncalibrated, operatingPoint: point, images, guard } = profile;
  return section('Scores', [
    ['temperature', temperature === null ? `none: ${uncalibrated ?? 'it was not fitted'}` : temperature.toFixed(3)],
    ['fitted on', `${images} images, each scored by networks that never saw its patient`],
    ...(point === null
      ? [row('operating point', 'none: the most probable class is predicted')]
      : [
          row(
            'operating point',
            `${point.class} from a calibrated probability of ${point.threshold.toFixed(3)} (${point.rule})`,
          ),
          row('sensitivity there', estimated(point.sensitivity)),
          row('specificity there', estimated(point.specificity)),
        ]),
    [
      'images unlike the training images',
      guard === null ? 'are not told apart' : `get no score: held against ${guard.images} training images`,
    ],
  ]);
}

function warnings({ report: { metrics } }: ModelFacts): string {
  const lines = metrics.warnings.length === 0 ? ['none'] : metrics.warnings.map((warning) => `- ${plain(warning)}`);
  return ['## Warnings', '', ...lines].join('\n');
}

function training({ model, run }: ModelFacts): string {
  const card = headCardSchema.parse(model.card);
  return section('Training', [
    ['head', card.head],
    ['how', trainingOf(card)],
    ['seed', String(card.hyperParameters.seed)],
    ['split', splitOf(run.settings)],
    ['backbone', `${card.backbone}, weights ${card.weights}, ${card.trainedBackbone ? 'pretrained' : 'UNTRAINED'}`],
    ['input', `224 x 224, ${card.preprocessing}, ${card.numerics}`],
    ['model', `${model.id}, sha256 ${model.sha256}`],
    ['run', run.id],
    ['trained', model.createdAt],
  ]);
}

function checklist(name: string, items: Checklist, answers: Answers): string {
  const answered = items.flatMap(([item, subject]) => {
    const answer = answers[item];
    return answer === undefined ? [] : [row(`${item} ${subject}`, answer)];
  });
  const open = items
    .filter(([item]) => answers[item] === undefined)
    .map(([item, subject]) => `- [ ] ${item} ${subject}`);
  return [
    section(`${name}: answered by the catalogue (${answered.length} of ${items.length})`, answered),
    '',
    `### ${name}: open, for people to answer`,
    '',
    ...open,
  ].join('\n');
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${plain(name)} | ${plain(value)} |`);
  return [`## ${title}`, '', '| | |', '| --- | --- |', ...lines].join('\n');
}

/** Names of files and labels are strangers' words: they end no cell or line, and are neither markup, link nor picture. */
function plain(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('`', '\\`')
    .replaceAll('<', '&lt;')
    .replaceAll(/\]([(:])/g, ']\\$1');
}
