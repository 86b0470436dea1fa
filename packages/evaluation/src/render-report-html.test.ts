import { describe, expect, test } from 'vitest';
import { aReport } from './a-report.js';
import { seededRandom } from './random.js';
import { renderReportHtml } from './render-report-html.js';
import { reportCurves } from './report-curves.js';

function someCurves() {
  const random = seededRandom(6);
  const labels = Array.from({ length: 80 }, (_, i) => i % 2);
  const probabilities = labels.map((label) => (random.uint32() / 2 ** 32) * 0.6 + label * 0.3);
  return reportCurves({ labels, probabilities, patients: labels.map((_, i) => `patient ${i}`) }, { resamples: 50 });
}

const PLANTED = `"'><img src=x onerror=alert(1)></text></style></title><script>alert(2)</script>`;
const PLANTED_AS_TEXT = '&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;';

/** The same with markup behind every text in it. */
function planted<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? `${one}${PLANTED}` : one,
  ) as Value;
}

/** What a browser would make of it: every tag with the names of its attributes. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, tag = '', attributes = '']) =>
      `${tag} ${[...attributes.matchAll(/([\w-]+)="/g)].map(([, name]) => name).join(' ')}`,
  );
}

describe('renderReportHtml', () => {
  test('is one file that asks nothing of any other', () => {
    const html = renderReportHtml(aReport, someCurves());

    expect(html).not.toMatch(/(?:src|href)=|<script|@import|url\(|https?:/i);
    expect(html).toContain('0.716 <span class="whole">(95 % CI 0.651 to 0.775)</span>');
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html.match(/<details>/g)).toHaveLength(4);
    expect(html.match(/aria-label=/g)).toHaveLength(4);
    expect(html).not.toMatch(/NaN|undefined|null/);
    expect(html.match(/not a medical device/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('gives the same bytes every time', () => {
    expect(renderReportHtml(aReport, someCurves())).toBe(renderReportHtml(aReport, someCurves()));
  });

  test('names from outside stay text', () => {
    const classes = ['normal', '<script>alert("x")</script>'];
    const html = renderReportHtml({ ...aReport, metrics: { ...aReport.metrics, classes } }, someCurves());

    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });

  test('whatever text of a report is markup or script stays text, in its tables and its pictures', () => {
    const estimate = { value: 0.7, low: 0.6, high: 0.8 };
    const figures = { images: 40, patients: 30, auc: estimate, accuracy: estimate };
    const subgroup = { by: 'source' as const, group: 'folder', sensitivity: estimate, specificity: estimate };
    const folds = [{ repeat: 0, fold: 0, ...figures }];
    const { notice, ...report } = { ...aReport, synthetic: true, untrainedBackbone: true };
    const hostile = { ...planted(report), notice };

    const html = renderReportHtml(hostile, someCurves(), planted({ subgroups: [{ ...subgroup, ...figures }], folds }));

    const usual = renderReportHtml({ ...report, notice }, someCurves(), {
      subgroups: [{ ...subgroup, ...figures }],
      folds,
    });
    expect(tagsOf(html)).toEqual(tagsOf(usual));
    expect(html.split(PLANTED_AS_TEXT).length).toBeGreaterThan(20);
  });

  test('every section of a report on synthetic images says so', () => {
    const html = renderReportHtml({ ...aReport, synthetic: true }, someCurves());

    expect(html.match(/<h2>/g)?.length).toBe(html.match(/<small class="mark">synthetic images/g)?.length);
    expect(html).toContain('SYNTHETIC IMAGES');
  });

  test('without curves (more than two classes) the tables are still there', () => {
    const html = renderReportHtml(aReport, null);

    expect(html).not.toContain('<svg');
    expect(html).toContain('Confusion matrix');
  });
});

test('subgroups and folds stand in the report where they are given, and text of people stays text', () => {
  const estimate = { value: 0.7, low: 0.6, high: 0.8 };
  const figures = { images: 40, patients: 30, auc: estimate, accuracy: estimate };
  const group = { by: 'source' as const, group: 'folder/<b>mine</b>', sensitivity: estimate, specificity: estimate };
  const folds = [0, 1].map((fold) => ({ repeat: 0, fold, ...figures }));

  const html = renderReportHtml(aReport, null, { subgroups: [{ ...group, ...figures }], folds });

  expect(html).toContain('source: folder/&lt;b&gt;mine&lt;/b&gt;');
  expect(html).toContain('0.700 <span class="whole">[0.600, 0.800]</span>');
  expect(html).toContain('repeat 1, fold 2');
  expect(html).not.toMatch(/<script|<b>mine/);
});
