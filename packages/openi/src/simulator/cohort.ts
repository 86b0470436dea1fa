import { drawLesions, type PhantomFindings, type Site } from './anatomy.js';
import { mixSeed, type Random, seededRandom } from './random.js';

export interface CohortOptions {
  readonly patients: number;
  readonly seed: number;
}

/** One image of a made-up examination, as the API tells of it and as it is drawn. */
export interface SimulatedImage {
  /** `CXR12_IM-0012-1001` */
  readonly name: string;
  readonly uid: string;
  /** `F1`, `F2`, … */
  readonly place: string;
  readonly seed: number;
  readonly view: 'frontal' | 'lateral';
  readonly take: number;
  readonly findings: PhantomFindings;
  readonly mesh: readonly string[];
  readonly report: { readonly findings: string; readonly impression: string };
}

type Kind = 'normal' | 'nodule' | 'cardiomegaly' | 'opacity' | 'effusion' | 'granuloma' | 'inflation' | 'scoliosis';

/** Each 20 patients hold these, in random order, so that a small cohort has both classes of the nodule task too. */
const TWENTY: readonly Kind[] = [
  ...Array.from({ length: 8 }, (): Kind => 'normal'),
  ...Array.from({ length: 6 }, (): Kind => 'nodule'),
  'cardiomegaly',
  'opacity',
  'effusion',
  'granuloma',
  'inflation',
  'scoliosis',
];

/** Makes the records of a cohort, examination by examination; the same options give the same records. */
export function makeCohort({ patients, seed }: CohortOptions): SimulatedImage[] {
  const order = seededRandom(mixSeed(seed, 1));
  const kinds: Kind[] = [];
  while (kinds.length < patients) kinds.push(...shuffled(TWENTY, order));
  return kinds.slice(0, patients).flatMap((kind, index) => makeExamination(index + 1, kind, seed));
}

function makeExamination(number: number, kind: Kind, cohortSeed: number): SimulatedImage[] {
  const seed = mixSeed(cohortSeed, 2, number);
  const random = seededRandom(mixSeed(seed, 3));
  const findings = FINDINGS[kind](random);
  const uid = `CXR${number}`;
  const common = { uid, seed, findings, ...wordsOf(findings, seed) };
  const name = (series: string): string => `${uid}_IM-${String(number).padStart(4, '0')}-${series}`;
  const frontal = { ...common, name: name('1001'), place: 'F1', view: 'frontal', take: 0 } as const;
  const lateral = { ...common, name: name('2001'), place: 'F2', view: 'lateral', take: 0 } as const;
  const repeat = { ...common, name: name('3001'), place: 'F3', view: 'frontal', take: 1 } as const;
  const dice = random.next();
  if (dice < 0.1) return [frontal];
  return dice < 0.95 ? [frontal, lateral] : [frontal, lateral, repeat];
}

const FINDINGS: Readonly<Record<Kind, (random: Random) => PhantomFindings>> = {
  normal: () => ({}),
  // Mostly few; with these a linear reader of VGG16 features scores well above chance and well below perfect (docs/decisions/0073).
  nodule: (random) => ({ nodules: random.pick([1, 1, 2, 2, 3, 4]) }),
  cardiomegaly: () => ({ cardiomegaly: true }),
  opacity: () => ({ opacity: true }),
  effusion: (random) => ({ effusion: true, cardiomegaly: random.chance(0.4) }),
  granuloma: () => ({ calcifiedGranuloma: true }),
  inflation: (random) => (random.chance(0.5) ? { hypoinflation: true } : { hyperdistention: true }),
  scoliosis: () => ({ scoliosis: true }),
};

/** The words of the collection for what is drawn, with the side and lobe where it is drawn. */
function wordsOf(findings: PhantomFindings, seed: number): Pick<SimulatedImage, 'mesh' | 'report'> {
  const lesions = drawLesions(seededRandom(mixSeed(seed, 12)), findings);
  const mesh: string[] = [];
  for (const site of lesions.nodules) mesh.push(`Nodule/lung/${lobe(site)}/${sideOf(site.side)}`);
  if (findings.cardiomegaly === true) mesh.push('Cardiomegaly');
  const [cloud] = lesions.opacity;
  if (cloud !== undefined) mesh.push(`Opacity/lung/${lobe(cloud)}/${sideOf(cloud.side)}`);
  if (lesions.effusionSide !== undefined) mesh.push(`Pleural Effusion/${sideOf(lesions.effusionSide)}`);
  if (lesions.granuloma !== undefined) {
    mesh.push(`Calcified Granuloma/lung/${lobe(lesions.granuloma)}/${sideOf(lesions.granuloma.side)}`);
  }
  if (findings.hypoinflation === true) mesh.push('Lung/hypoinflation');
  if (findings.hyperdistention === true) mesh.push('Lung/hyperdistention');
  if (findings.scoliosis === true) mesh.push('Scoliosis/thoracic vertebrae');
  if (mesh.length === 0) {
    return {
      mesh: ['normal'],
      report: { findings: 'Heart size is normal. The lungs are clear.', impression: 'Normal chest.' },
    };
  }
  const terms = [...new Set(mesh)];
  const said = terms.map((term) => term.replaceAll('/', ', ').toLowerCase()).join('; ');
  return { mesh: terms, report: { findings: `There is ${said}.`, impression: `${said}.` } };
}

/** The image's left is the patient's right. */
function sideOf(side: -1 | 1): string {
  return side < 0 ? 'right' : 'left';
}

function lobe({ side, down }: Site): string {
  if (down < 0.4) return 'upper lobe';
  if (down > 0.62) return 'lower lobe';
  return side < 0 ? 'middle lobe' : 'lingula';
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
