import type { Estimate, FoldResult, RunReport, Subgroup } from '@xvision/contracts';
import type { ReportCurves } from './report-curves.js';
import { REPORT_STYLE } from './report-style.js';
import { type Chart, escapeHtml, svgChart } from './svg-chart.js';
import { decimal, inWords } from './wording.js';

/** Tables that a report may carry beside its own numbers. */
export interface FurtherTables {
  readonly subgroups: readonly Subgroup[];
  readonly folds: readonly FoldResult[];
}

/**
 * The report as one HTML file that needs no other: to print, to mail, to keep. Curves are drawn for two classes; a table
 * stands behind each. Where the images are synthetic every section says so.
 */
export function renderReportHtml(report: RunReport, curves: ReportCurves | null, further?: FurtherTables): string {
  const title = `${report.task}: report of run ${report.run}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="notice">${report.notice}</p>
${banners(report)}
${section(report, 'What was done', facts(report))}
${section(report, 'Read this before believing a number', warnings(report))}
${section(report, 'Performance on the tested images', performance(report))}
${section(report, 'Confusion matrix', confusion(report))}
${section(report, 'Per class', perClass(report))}
${section(report, 'Without a network', `<p>${escapeHtml(report.metrics.baseline?.verdict ?? 'The no-network baseline could not be computed.')}</p>`)}
${curves === null || curves.operating.length === 0 ? '' : section(report, 'Curves', charts(report, curves))}
${further === undefined || further.subgroups.length === 0 ? '' : section(report, 'By view, sex, age and source', subgroups(further))}
${further === undefined || further.folds.length < 2 ? '' : section(report, 'Fold by fold', folds(further))}
</main>
<footer>${report.notice}</footer>
</body>
</html>
`;
}

function banners(report: RunReport): string {
  const texts: string[] = [];
  if (report.synthetic) texts.push('SYNTHETIC IMAGES: made by a program. These numbers say nothing about patients.');
  if (report.untrainedBackbone) {
    texts.push('UNTRAINED BACKBONE: random weights. These are not results of transfer learning.');
  }
  return texts.map((text) => `<p class="banner" role="note">${text}</p>`).join('\n');
}

function section(report: RunReport, heading: string, body: string): string {
  const mark = report.synthetic ? ' <small class="mark">synthetic images</small>' : '';
  return `<section>\n<h2>${escapeHtml(heading)}${mark}</h2>\n${body}\n</section>`;
}

function facts({ counts, metrics, ...report }: RunReport): string {
  const backbone = report.untrainedBackbone ? 'VGG16, untrained (random weights)' : 'VGG16, ImageNet weights';
  return table(
    [],
    [
      ['Task', `${report.task}: ${metrics.classes.join(' or ')}`],
      ['Model', `${report.head}, seed ${report.seed}, ${report.model}`],
      ...(report.training === undefined ? [] : [['Training', `${report.training.reason}; ${report.training.engine}`]]),
      ['Backbone', `${backbone}, ${report.weights}`],
      ['Engine', report.engine],
      ['Dataset', report.dataset],
      [
        'Images',
        `${counts.collected} collected, ${counts.prepared} prepared, ${counts.rejected} rejected, ${counts.extracted} with features`,
      ],
      ['Used', `${counts.train} trained on, ${counts.test} tested`],
    ],
  );
}

function warnings({ metrics }: RunReport): string {
  if (metrics.warnings.length === 0) return '<p>Nothing found that would forbid belief.</p>';
  return `<ul>${metrics.warnings.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

function performance({ metrics }: RunReport): string {
  const within = metrics.withinFoldAuc === null ? 'one fold only' : decimal(metrics.withinFoldAuc);
  return table(
    [],
    [
      [metrics.classes.length === 2 ? 'AUC' : 'AUC (mean of one against rest)', inWords(metrics.auc)],
      ['AUC within folds (mean)', within],
      ['Accuracy', inWords(metrics.accuracy)],
      ['Brier score (0 is perfect)', inWords(metrics.brier)],
    ],
  );
}

function confusion({ metrics }: RunReport): string {
  const rows = metrics.classes.map((name, k) => [name, ...(metrics.confusion[k] ?? []).map(String)]);
  return table(['truth \\ model', ...metrics.classes], rows);
}

function perClass({ metrics }: RunReport): string {
  const rows = metrics.perClass.map((one) => [
    one.label,
    inBrackets(one.precision),
    inBrackets(one.recall),
    inBrackets(one.f1),
    String(one.support),
  ]);
  return `${table(['class', 'precision', 'recall', 'F1', 'images'], rows)}
<p>Brackets: 95 % intervals. Precision holds only for the mix of classes in this collection.</p>`;
}

function subgroups({ subgroups }: FurtherTables): string {
  const rows = subgroups.map((one) => [
    one.by === 'all' ? one.group : `${one.by}: ${one.group}`,
    String(one.images),
    String(one.patients),
    inBrackets(one.auc),
    inBrackets(one.accuracy),
    inBrackets(one.sensitivity),
    inBrackets(one.specificity),
  ]);
  return `${table(['images of', 'images', 'patients', 'AUC', 'accuracy', 'sensitivity', 'specificity'], rows)}
<p>Brackets: 95 % intervals. Many small groups are looked at: one that stands out may do so by chance.</p>`;
}

function folds({ folds }: FurtherTables): string {
  const rows = folds.map((one) => [
    `repeat ${one.repeat + 1}, fold ${one.fold + 1}`,
    String(one.images),
    String(one.patients),
    inBrackets(one.auc),
    inBrackets(one.accuracy),
  ]);
  return table(['fold', 'images', 'patients', 'AUC', 'accuracy'], rows);
}

function inBrackets({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined';
  return low === null || high === null ? decimal(value) : `${decimal(value)} [${decimal(low)}, ${decimal(high)}]`;
}

function charts(report: RunReport, curves: ReportCurves): string {
  const positive = report.metrics.classes.at(-1) ?? '';
  return `<div class="charts">
${figure(rocChart(curves), ['false-positive rate', 'sensitivity'])}
${figure(precisionRecallChart(curves), ['sensitivity', 'precision'])}
${figure(reliabilityChart(curves, positive), ['mean probability', `share of ${positive}`])}
${figure(decisionChart(curves), ['threshold probability', 'net benefit'])}
</div>`;
}

function rocChart({ operating, rocBand }: ReportCurves): Chart {
  const points = operating.map((point) => ({ x: 1 - point.specificity, y: point.sensitivity }));
  return {
    title: 'ROC curve',
    description: 'sensitivity against the false-positive rate, with a pointwise 95 % band',
    xLabel: '1 - specificity',
    yLabel: 'sensitivity',
    band: rocBand.map(({ falsePositiveRate, low, high }) => ({ x: falsePositiveRate, low, high })),
    series: [
      {
        style: 'reference',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      { style: 'main', points: [{ x: 0, y: 0 }, ...points] },
    ],
  };
}

function precisionRecallChart({ operating }: ReportCurves): Chart {
  const prevalence = operating.at(-1)?.precision ?? 0;
  return {
    title: 'Precision and recall',
    description: 'precision against sensitivity; the line is the share of positives',
    xLabel: 'sensitivity (recall)',
    yLabel: 'precision',
    series: [
      {
        style: 'reference',
        points: [
          { x: 0, y: prevalence },
          { x: 1, y: prevalence },
        ],
      },
      { style: 'main', points: operating.map((point) => ({ x: point.sensitivity, y: point.precision })) },
    ],
  };
}

function reliabilityChart({ reliability }: ReportCurves, positive: string): Chart {
  const filled = reliability.flatMap(({ meanProbability, fractionPositive, interval }) =>
    meanProbability === null || fractionPositive === null || interval === null
      ? []
      : [{ x: meanProbability, y: fractionPositive, low: interval.low, high: interval.high }],
  );
  return {
    title: 'Reliability',
    description: `share of ${positive} among images that got about this probability, with 95 % intervals`,
    xLabel: `probability of ${positive}`,
    yLabel: `share of ${positive}`,
    bars: filled,
    series: [
      {
        style: 'reference',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      { style: 'dots', points: filled },
    ],
  };
}

function decisionChart({ decision }: ReportCurves): Chart {
  const highest = Math.max(0.05, ...decision.map((point) => Math.max(point.netBenefit, point.treatAll)));
  const bottom = -highest / 4;
  const inside = (value: number) => Math.max(bottom, value);
  return {
    title: 'Decision curve',
    description: 'net benefit per image of acting on the model; the line is acting on everyone, zero acting on no one',
    xLabel: 'threshold probability',
    yLabel: 'net benefit',
    yRange: [bottom, highest * 1.05],
    series: [
      {
        style: 'reference',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
        ],
      },
      {
        style: 'reference',
        points: decision.map(({ threshold, treatAll }) => ({ x: threshold, y: inside(treatAll) })),
      },
      { style: 'main', points: decision.map(({ threshold, netBenefit }) => ({ x: threshold, y: inside(netBenefit) })) },
    ],
  };
}

function figure(chart: Chart, columns: readonly [string, string]): string {
  const points = chart.series.find((series) => series.style !== 'reference')?.points ?? [];
  const rows = points.map(({ x, y }) => [x.toFixed(3), y.toFixed(3)]);
  return `<figure>
<figcaption>${escapeHtml(chart.title)}</figcaption>
${svgChart(chart)}
<details><summary>As a table</summary>${table(columns, rows)}</details>
</figure>`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head =
    header.length === 0
      ? ''
      : `<thead><tr>${header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('')}</tr></thead>`;
  const body = rows.map(([first = '', ...rest]) => {
    const cells = rest.map((cell) => `<td>${untorn(escapeHtml(cell))}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells}</tr>`;
  });
  return `<div class="scroll"><table>${head}<tbody>${body.join('')}</tbody></table></div>`;
}

/** An interval stands on one line, though it may stand below its value. */
function untorn(cell: string): string {
  return cell.replace(/ (\[[\d., -]+\]|\(95 % CI [^)]+\))$/, ' <span class="whole">$1</span>');
}
