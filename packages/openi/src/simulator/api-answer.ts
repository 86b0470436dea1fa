import type { SimulatedImage } from './cohort.js';

/** Said on every record, beside `synthetic: true`; nothing is burnt into the pixels, where a network would read it. */
const SYNTHETIC_NOTE =
  'SYNTHETIC: a procedural phantom drawn by the Xvision simulator. No patient, no hospital, no diagnosis.';

/** The most records that the API gives at once. */
const MOST = 100;

/** The search results page in the API's own shape. `m` and `n` are the first and last position wanted, counted from 1. */
export function answerSearch(cohort: readonly SimulatedImage[], query: URLSearchParams): Record<string, unknown> {
  const words = (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = cohort.filter((image) => words.every((word) => textOf(image).includes(word)));
  const first = Math.max(1, Number.parseInt(query.get('m') ?? '1', 10) || 1);
  const last = Math.min(Number.parseInt(query.get('n') ?? '10', 10) || first, first + MOST - 1);
  const list = found.slice(first - 1, last).map(recordOf);
  return {
    min: first,
    max: first + list.length - 1,
    count: list.length,
    // Like the live service, one more than there are.
    total: found.length === 0 ? 0 : found.length + 1,
    approximage: 'false',
    list,
  };
}

function textOf({ mesh, report, uid }: SimulatedImage): string {
  return [uid, ...mesh, report.findings, report.impression].join(' ').toLowerCase();
}

function recordOf(image: SimulatedImage): Record<string, unknown> {
  const number = image.uid.slice('CXR'.length);
  const path = (size: number): string => `/imgs/${size}/${number}/${number}/${image.name}.png`;
  return {
    uid: image.uid,
    pmcid: number,
    note: SYNTHETIC_NOTE,
    synthetic: true,
    docSource: 'CXR',
    articleType: 'rr',
    title: 'Synthetic chest phantoms',
    fulltext_html_url: '',
    journal_title: '',
    journal_abbr: '',
    journal_date: { day: '01', month: '01', year: '2000' },
    authors: 'Xvision simulator',
    affiliate: 'none',
    impression: image.report.impression,
    MeSH: { minor: [], major: [...image.mesh] },
    Problems: image.mesh.map((term) => term.split('/')[0]).join(', '),
    ccLicense: 'cc0',
    licenseURL: 'http://creativecommons.org/publicdomain/zero/1.0/',
    licenseType: 'open-access',
    abstract: `<p><b>Findings: </b>${image.report.findings}</p><p><b>Impression: </b>${image.report.impression}</p>`,
    image: { id: image.place, caption: 'Synthetic chest PA and lateral', modalityMajor: 'x', mention: '' },
    imgThumb: path(100),
    imgLarge: path(512),
    imgThumbLarge: path(137),
    imgGrid150: path(150),
    similarInCollection: `retrieve.php?simCollection=${image.name}&query=&req=3`,
    getArticleFigures: `retrieve.php?uid=${image.uid}&req=5`,
    detailedQueryURL: `retrieve.php?img=${image.name}&query=&coll=cxr&req=4`,
    similarInResults: `retrieve.php?simResults=${image.name}&query=&coll=cxr&req=2`,
  };
}
