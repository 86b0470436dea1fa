import path from 'node:path';
import type { Prediction } from '@xvision/contracts';
import type { Command } from 'commander';
import { v7 as uuid } from 'uuid';
import type { Context } from '../context.js';
import { estimateText } from '../estimate-text.js';
import { CommandError } from '../failure.js';
import { predicted } from '../follow.js';
import { filesAsRecords } from '../manifest.js';
import { table } from '../output.js';
import { openProgress } from '../progress.js';
import { collectFiles } from '../upload.js';
import { withApi } from '../with-api.js';

/** What the model says of one file, or why it says nothing. */
function answerOf(prediction: Prediction): string[] {
  if ('abstained' in prediction) return ['no score', prediction.abstained];
  const { probabilities, decision, novelty, caution } = prediction;
  const scores = Object.entries(probabilities)
    .map(([name, p]) => `${name} ${p.toFixed(3)}`)
    .join('   ');
  if (caution !== null) return [scores, `CAUTION, not to be relied on: ${caution}`];
  const called = decision === null ? 'no operating point' : `${decision.called ? '' : 'not '}called ${decision.class}`;
  return [scores, `${called}; ${novelty === null ? 'likeness unknown' : `likeness p ${novelty.toFixed(3)}`}`];
}

/** How to read the operating point and the likeness, once for all files. */
function legendOf(predictions: readonly Prediction[]): string[] {
  const scored = predictions.flatMap((one) => ('abstained' in one ? [] : [one]));
  const decision = scored.map((one) => one.decision).find((one) => one !== null);
  const point =
    decision === undefined || decision === null
      ? []
      : [
          `Called ${decision.class} from a calibrated probability of ${decision.threshold.toFixed(3)}, which finds ${estimateText(decision.sensitivity)} of the positives and clears ${estimateText(decision.specificity)} of the negatives on validation images [95 %].`,
        ];
  const likeness = scored.some((one) => one.novelty !== null)
    ? ['Likeness p: the share of training images that are at least as unusual as this one.']
    : [];
  return [...point, ...likeness];
}

export function describePredictions(predictions: readonly Prediction[]): string {
  const rows = predictions.map((one) => [one.file, ...answerOf(one)]);
  return [
    table(['file', 'calibrated probability', 'reading'], rows),
    '',
    ...legendOf(predictions),
    'Research use only; not a medical device',
  ].join('\n');
}

async function predict(
  context: Context,
  model: string,
  { files, anyway }: { files: readonly string[]; anyway: boolean },
): Promise<void> {
  const records = await filesAsRecords(files);
  await withApi(context, async (api) => {
    const progress = openProgress(context.output, context.stderr);
    const name = `prediction-${uuid()}`;
    const collection = await collectFiles(api, records, {
      folder: path.dirname(files[0] ?? '.'),
      source: 'folder',
      name,
      purpose: 'prediction',
      progress,
    });
    progress.stop();
    const job = await predicted(api, (await api.predict({ modelId: model, collectionId: collection.id, anyway })).id);
    // In the order of the command line, under the names that were given there.
    const answers = new Map(job.predictions.map((one) => [one.file, one]));
    const ordered = records.map(({ record }) => {
      const answer = answers.get(record.file);
      if (answer === undefined) throw new CommandError(`there is no answer for ${record.file}`);
      return answer;
    });
    context.output.result(ordered, describePredictions);
  });
}

export function addPredict(program: Command, context: Context): void {
  program
    .command('predict')
    .description(
      'calibrated probability per class for new files and what the operating point calls them; an image that is unfit, of another view or unlike the training images gets a reason, not a score',
    )
    .argument('<model>', 'id of the model (see "xvision models")')
    .argument('<file...>', 'PNG, JPEG or DICOM files')
    .option('--anyway', 'score images of another view, or unlike the training images, all the same, with a caution')
    .addHelpText('after', '\nExample:\n  xvision predict 0199c7e2-6f6e-7000-8000-000000000000 new-patient.png --json')
    .action((model: string, files: string[], { anyway = false }: { anyway?: boolean }) =>
      predict(context, model, { files, anyway }),
    );
}
