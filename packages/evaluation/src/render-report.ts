import type { Estimate, Metrics, RunReport } from '@xvision/contracts';
import { inWords } from './wording.js';

/** Lines end here unless a word is longer; a terminal of 100 columns shows them whole. */
const WIDTH = 96;

/** Fits "(95 % CI …)" of every row under one heading. */
const INTERVAL_WIDTH = 22;

const HEADS: Readonly<Record<RunReport['head'], string>> = {
  'seed-mlp': 'one small network (seed-mlp)',
  'seed-ensemble': 'five small networks, averaged (seed-ensemble)',
  logistic: 'logistic regression (logistic)',
};

/**
 * The report as text for a terminal. Where the images are synthetic every line with a number says so, because lines
 * are copied without their headings; the last line is always that this is for research use only.
 */
export function renderReport(report: RunReport): string {
  const { metrics } = report;
  const lines = [
    `Report of run ${report.run}`,
    ...loudly(report),
    '',
    ...facts(report),
    '',
    heading('Performance on the tested images', report),
    ...overall(metrics),
    '',
    heading('Confusion matrix', report),
    ...confusion(metrics),
    '',
    heading('Per class', report),
    ...perClass(metrics),
    '',
    heading('Without a network', report),
    ...wrapped(metrics.baseline?.verdict ?? 'The no-network baseline could not be computed.', '  '),
    '',
    heading('Read this before believing a number', report),
    ...warnings(metrics),
  ];
  const marked = report.synthetic ? lines.map(markSynthetic) : lines;
  return [...marked, '', report.notice].join('\n');
}

function loudly(report: RunReport): string[] {
  const lines: string[] = [];
  if (report.synthetic)
    lines.push('', '*** SYNTHETIC IMAGES: made by a program. These numbers say nothing about patients. ***');
  if (report.untrainedBackbone) {
    lines.push('', '*** UNTRAINED BACKBONE: random weights. These are not results of transfer learning. ***');
  }
  return lines;
}

function facts(report: RunReport): string[] {
  const { counts, metrics } = report;
  const positive = metrics.classes.length === 2 ? ` (positive: ${metrics.classes.at(-1)})` : '';
  const backbone = report.untrainedBackbone ? 'VGG16, UNTRAINED (random weights)' : 'VGG16, ImageNet weights';
  const scheme = metrics.withinFoldAuc === null ? 'held out' : 'cross-validated';
  return [
    `  Task      ${report.task}: ${metrics.classes.join(' or ')}${positive}`,
    `  Model     ${report.model}`,
    `            ${HEADS[report.head]}, seed ${report.seed}`,
    ...(report.training === undefined ? [] : [`  Training  ${report.training.reason}`]),
    `  Backbone  ${backbone} ${report.weights.slice(0, 12)}`,
    `  Engine    ${report.engine}`,
    `  Dataset   ${report.dataset.slice(0, 12)}`,
    `  Images    ${counts.collected} collected, ${counts.prepared} prepared, ${counts.rejected} rejected, ${counts.extracted} with features`,
    `            ${counts.train} trained on, ${counts.test} tested (${scheme})`,
  ];
}

function overall(metrics: Metrics): string[] {
  const auc = metrics.classes.length === 2 ? 'AUC' : 'AUC (mean of one against rest)';
  const within = metrics.withinFoldAuc;
  return columns([
    [auc, inWords(metrics.auc)],
    ...(within === null ? [] : [['AUC within folds', `${within.toFixed(3)} (mean)`]]),
    ['Accuracy', inWords(metrics.accuracy)],
    ['Brier score', `${inWords(metrics.brier)}; 0 is perfect`],
  ]);
}

function confusion({ classes, confusion: counts }: Metrics): string[] {
  const header = ['truth \\ model', ...classes];
  const rows = classes.map((name, k) => [name, ...(counts[k] ?? []).map(String)]);
  return columns([header, ...rows], 'right');
}

function perClass({ perClass: classes }: Metrics): string[] {
  const rows = classes.map((one) => [
    one.label,
    interval(one.precision),
    interval(one.recall),
    interval(one.f1),
    String(one.support),
  ]);
  const two = classes.length === 2;
  const note = two
    ? `  Recall of ${classes[1]?.label} is the sensitivity, recall of ${classes[0]?.label} the specificity. Brackets: 95 % intervals.`
    : '  Brackets: 95 % intervals.';
  return [
    ...columns([['class', 'precision', 'recall', 'F1', 'images'], ...rows]),
    ...wrapped(`${note.trim()} Precision holds only for the mix of classes in this collection.`, '  '),
  ];
}

function interval({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined'.padEnd(INTERVAL_WIDTH);
  const ends = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return `${value.toFixed(3)}${ends}`.padEnd(INTERVAL_WIDTH);
}

function warnings({ warnings: texts }: Metrics): string[] {
  if (texts.length === 0)
    return ['  Nothing found that would forbid belief; an external set would still be better evidence.'];
  return texts.flatMap((text) => {
    const [first = '', ...rest] = wrapped(text, '    ');
    return [`  - ${first.trimStart()}`, ...rest];
  });
}

function heading(text: string, report: RunReport): string {
  return report.synthetic ? `${text} (synthetic images)` : text;
}

function markSynthetic(line: string): string {
  return /\d/.test(line) && !/synthetic/i.test(line) ? `${line}  [synthetic]` : line;
}

/** Rows of cells in aligned columns; the first column is always left-aligned. */
function columns(rows: readonly (readonly string[])[], align: 'left' | 'right' = 'left'): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [k, cell] of row.entries()) widths[k] = Math.max(widths[k] ?? 0, cell.length);
  }
  return rows.map((row) => {
    const cells = row.map((cell, k) => {
      const width = widths[k] ?? 0;
      return align === 'right' && k > 0 ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

/** "95 % CI" stays on one line. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<!\d) (?!CI)|(?<=\d) (?!%)/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}
