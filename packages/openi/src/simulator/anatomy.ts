import type { Random } from './random.js';

/** What a phantom shows besides a healthy chest. */
export interface PhantomFindings {
  /** Number of solitary nodules: soft round shadows in the lung fields. */
  readonly nodules?: number;
  readonly cardiomegaly?: boolean;
  /** A patchy, cloud-like shadow in one lung. */
  readonly opacity?: boolean;
  /** Fluid in one costophrenic angle. */
  readonly effusion?: boolean;
  /** A small, dense, sharp spot. */
  readonly calcifiedGranuloma?: boolean;
  readonly hyperdistention?: boolean;
  readonly hypoinflation?: boolean;
  readonly scoliosis?: boolean;
}

/** One patient's chest; lengths in half image widths. Both views of a patient share it. */
export interface Anatomy {
  readonly thoraxHalfWidth: number;
  /** Height of the lungs' apex and of the domes of the diaphragm, right and left. */
  readonly apex: number;
  readonly domes: readonly [number, number];
  readonly heartHalfWidth: number;
  readonly heartHalfHeight: number;
  readonly softTissue: number;
  readonly ribs: number;
  readonly ribDensity: number;
  /** Sideways bend of the spine. */
  readonly bend: number;
  readonly breast: number;
  readonly vessels: number;
}

export function drawAnatomy(random: Random, findings: PhantomFindings): Anatomy {
  const inflation = (findings.hyperdistention === true ? 0.13 : 0) - (findings.hypoinflation === true ? 0.16 : 0);
  const base = random.between(0.4, 0.54) + inflation;
  const heart = random.between(0.27, 0.34) * (findings.cardiomegaly === true ? random.between(1.28, 1.5) : 1);
  return {
    thoraxHalfWidth: random.between(0.7, 0.8),
    apex: random.between(-0.82, -0.74),
    domes: [base, base + random.between(0.03, 0.09)],
    heartHalfWidth: heart,
    heartHalfHeight: heart * random.between(0.82, 0.95),
    softTissue: random.between(0.46, 0.6),
    ribs: 9,
    ribDensity: random.between(0.07, 0.13),
    bend:
      random.between(-0.02, 0.02) +
      (findings.scoliosis === true ? random.pick([-1, 1]) * random.between(0.09, 0.15) : 0),
    breast: random.chance(0.5) ? random.between(0.03, 0.09) : 0,
    vessels: random.between(0.07, 0.12),
  };
}

/** Where a shadow lies in the chest, so that both views show it: side -1 is the image's left. */
export interface Site {
  readonly side: -1 | 1;
  /** 0 at the mediastinum, 1 at the ribs. */
  readonly outward: number;
  /** 0 at the apex, 1 at the diaphragm. */
  readonly down: number;
  /** 0 at the sternum, 1 at the spine. */
  readonly back: number;
  /** Standard deviation of its round shadow. */
  readonly radius: number;
  readonly peak: number;
}

export interface Lesions {
  readonly nodules: readonly Site[];
  readonly granuloma: Site | undefined;
  readonly opacity: readonly Site[];
  readonly effusionSide: -1 | 1 | undefined;
}

export function drawLesions(random: Random, findings: PhantomFindings): Lesions {
  const site = (radius: number, peak: number): Site => ({
    side: random.pick([-1, 1]),
    outward: random.between(0.2, 0.8),
    down: random.between(0.22, 0.85),
    back: random.between(0.25, 0.75),
    radius,
    peak,
  });
  const nodules = Array.from({ length: findings.nodules ?? 0 }, () =>
    site(random.between(0.035, 0.06), random.between(0.28, 0.46)),
  );
  const centre = site(0, 0);
  const cloud = Array.from({ length: 7 }, () => ({
    ...centre,
    outward: centre.outward + random.between(-0.2, 0.2),
    down: centre.down + random.between(-0.12, 0.12),
    radius: random.between(0.05, 0.11),
    peak: random.between(0.05, 0.11),
  }));
  return {
    nodules,
    granuloma:
      findings.calcifiedGranuloma === true ? site(random.between(0.007, 0.011), random.between(0.3, 0.45)) : undefined,
    opacity: findings.opacity === true ? cloud : [],
    effusionSide: findings.effusion === true ? random.pick([-1, 1]) : undefined,
  };
}
