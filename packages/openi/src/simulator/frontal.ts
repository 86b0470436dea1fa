import type { Anatomy, Lesions, Site } from './anatomy.js';
import { addBand, addBlob, addDensity, addEllipse, type Film, type Point, ramp } from './film.js';
import type { Random } from './random.js';

const WHOLE = { left: -1, right: 1, top: -1, bottom: 1 };
const STEPS = 12;

/** Draws the postero-anterior view: as on a light box, the heart points to the image's right. */
export function drawFrontal(film: Film, body: { anatomy: Anatomy; lesions: Lesions }, random: Random): void {
  const { anatomy, lesions } = body;
  drawSoftTissue(film, anatomy);
  drawLungs(film, anatomy, lesions);
  drawSpine(film, anatomy);
  drawMediastinum(film, anatomy, random);
  drawVessels(film, anatomy, random);
  drawRibs(film, anatomy, random);
  drawShoulders(film, anatomy, random);
  for (const site of [...lesions.nodules, ...lesions.opacity]) addBlob(film, place(site, anatomy), site);
  if (lesions.granuloma !== undefined) addBlob(film, place(lesions.granuloma, anatomy), lesions.granuloma);
}

/** Outer border of the lung fields at this height. */
function outerBorder(y: number, { thoraxHalfWidth, apex }: Anatomy): number {
  const middle = 0.28;
  const reach = (y - middle) / (middle - apex);
  return y > middle ? thoraxHalfWidth : thoraxHalfWidth * Math.max(0, 1 - Math.abs(reach) ** 2.6) ** 0.5;
}

function innerBorder(y: number, side: number, anatomy: Anatomy): number {
  return 0.13 + 0.03 * y + side * spineAt(y, anatomy) * 0.5;
}

/** Height of the diaphragm: a dome that falls steeply into the costophrenic angle at the ribs. */
function diaphragm(x: number, anatomy: Anatomy): number {
  const dome = anatomy.domes[x < 0 ? 0 : 1];
  const along = (Math.abs(x) - 0.3) / (anatomy.thoraxHalfWidth - 0.3);
  return dome + 0.05 * Math.min(0, along) ** 2 + 0.24 * Math.max(0, along) ** 2.4;
}

function spineAt(y: number, { bend }: Anatomy): number {
  return bend * Math.cos(1.8 * y);
}

function place(site: Site, anatomy: Anatomy): Point {
  const top = anatomy.apex + 0.12;
  const y = top + site.down * (anatomy.domes[site.side < 0 ? 0 : 1] - 0.04 - top);
  const inner = innerBorder(y, site.side, anatomy);
  return { x: site.side * (inner + 0.04 + site.outward * (outerBorder(y, anatomy) - inner - 0.1)), y };
}

function drawSoftTissue(film: Film, { softTissue, thoraxHalfWidth, breast, domes }: Anatomy): void {
  addDensity(film, WHOLE, (x, y) => {
    const neck = 0.24 + 0.62 * ramp(-0.98, -0.62, y);
    const chest = thoraxHalfWidth + 0.16 + 0.04 * ramp(0.2, 1, y);
    const shoulders = ramp(-0.8, -0.35, y);
    const outline = neck + (chest - neck) * shoulders;
    const thickness = softTissue + 0.1 * ramp(domes[0] - 0.05, domes[1] + 0.2, y);
    return thickness * (1 - ramp(outline - 0.1, outline + 0.05, Math.abs(x)));
  });
  if (breast > 0) {
    for (const side of [-1, 1]) addEllipse(film, { x: side * 0.45, y: 0.36 }, { rx: 0.32, ry: 0.26, peak: breast });
  }
}

function drawLungs(film: Film, anatomy: Anatomy, { effusionSide }: Lesions): void {
  const { softTissue, heartHalfWidth, heartHalfHeight, domes } = anatomy;
  const heart = { x: 0.34 * heartHalfWidth, y: domes[1] - 0.78 * heartHalfHeight };
  addDensity(film, WHOLE, (x, y) => {
    const side = x < 0 ? -1 : 1;
    const outer = outerBorder(y, anatomy);
    const inner = innerBorder(y, side, anatomy);
    const across = Math.abs(x);
    if (across > outer + 0.03 || across < inner - 0.05) return 0;
    // Fluid stands higher at the ribs than at the heart.
    const fluid = effusionSide === side ? 0.13 + 0.2 * ramp(inner, outer, across) : 0;
    const inside =
      ramp(-0.02, 0.03, outer - across) *
      ramp(-0.04, 0.05, across - inner) *
      ramp(-0.015, 0.02, diaphragm(x, anatomy) - fluid - y);
    const u = (x - heart.x) / heartHalfWidth;
    const v = (y - heart.y) / heartHalfHeight;
    const behindHeart = 1 - ramp(0.94, 1.06, Math.hypot(u, v - 0.4 * u));
    const depth = 0.7 + 0.3 * Math.sqrt(Math.max(0, 1 - ((across - 0.42) / 0.42) ** 2));
    return -0.82 * softTissue * depth * inside * (1 - 0.82 * behindHeart);
  });
}

function drawSpine(film: Film, anatomy: Anatomy): void {
  addDensity(film, { ...WHOLE, left: -0.4, right: 0.4 }, (x, y) => {
    const off = Math.abs(x - spineAt(y, anatomy));
    const vertebra = 0.75 + 0.25 * Math.cos(2 * Math.PI * (y * 5.2 + 0.3));
    return 0.13 * vertebra * (1 - ramp(0.07, 0.12, off)) + 0.05 * (1 - ramp(0.1, 0.2, off));
  });
}

function drawMediastinum(film: Film, anatomy: Anatomy, random: Random): void {
  addDensity(film, { left: -0.3, right: 0.35, top: -0.75, bottom: 0.5 }, (x, y) => {
    const half = 0.12 + 0.06 * ramp(-0.5, -0.1, y);
    return (
      0.09 * (1 - ramp(half - 0.05, half + 0.05, Math.abs(x - 0.02))) * ramp(-0.75, -0.5, y) * (1 - ramp(0.3, 0.5, y))
    );
  });
  addEllipse(
    film,
    { x: 0.17, y: -0.3 + random.between(-0.03, 0.03) },
    { rx: 0.09, ry: 0.1, peak: 0.13, softness: 0.25 },
  );
  // The trachea holds air.
  addDensity(film, { left: -0.12, right: 0.12, top: -1, bottom: -0.2 }, (x, y) => {
    return -0.12 * (1 - ramp(0.025, 0.055, Math.abs(x + 0.01))) * (1 - ramp(-0.4, -0.22, y));
  });
  if (random.chance(0.6)) {
    const bubble = { x: random.between(0.28, 0.4), y: anatomy.domes[1] + random.between(0.1, 0.16) };
    addEllipse(film, bubble, { rx: 0.13, ry: 0.06, peak: -0.16, softness: 0.4 });
  }
}

function drawVessels(film: Film, anatomy: Anatomy, random: Random): void {
  for (const side of [-1, 1] as const) {
    const hilum = { x: side * 0.19, y: -0.03 + (side > 0 ? -0.04 : 0) };
    addBlob(film, hilum, { radius: 0.06, peak: anatomy.vessels * 1.2 });
    for (let branch = 0; branch < 15; branch++) {
      const angle = random.between(-1.35, 1.3);
      const length = random.between(0.2, 0.52);
      const curl = random.between(-0.5, 0.5);
      const points: Point[] = Array.from({ length: 7 }, (_, index) => {
        const t = 0.12 + 0.88 * (index / 6);
        const turned = angle + curl * t;
        return { x: hilum.x + side * length * t * Math.cos(turned), y: hilum.y + length * t * Math.sin(turned) };
      });
      addBand(film, points, {
        width: (t) => 0.016 * (1 - 0.75 * t),
        peak: anatomy.vessels * random.between(0.3, 0.75),
      });
    }
  }
}

function drawRibs(film: Film, anatomy: Anatomy, random: Random): void {
  const first = anatomy.apex + 0.06;
  const spacing = (anatomy.domes[1] + 0.16 - first) / anatomy.ribs;
  for (let rib = 0; rib < anatomy.ribs; rib++) {
    for (const side of [-1, 1] as const) {
      const start = first + rib * spacing + random.between(-0.01, 0.01);
      const drop = 0.06 + 0.2 * (rib / anatomy.ribs);
      const outer = Math.max(0.2, outerBorder(start + drop, anatomy) + 0.02);
      const posterior = Array.from({ length: STEPS }, (_, index) => {
        const t = index / (STEPS - 1);
        return {
          x: side * (0.09 + t * (outer - 0.09)) + spineAt(start, anatomy) * (1 - t),
          y: start - 0.05 * Math.sin(Math.PI * t) + drop * t * t,
        };
      });
      addBand(film, posterior, { width: () => 0.026, peak: anatomy.ribDensity, hollow: 0.45 });
      const anterior = Array.from({ length: STEPS }, (_, index) => {
        const t = index / (STEPS - 1);
        return { x: side * (outer - t * (outer - 0.32)), y: start + drop + 0.24 * t - 0.06 * t * t };
      });
      const peak = 0.6 * anatomy.ribDensity;
      addBand(film, anterior, { width: (t) => 0.03 * (1 - 0.3 * t), peak, hollow: 0.4 });
    }
  }
}

function drawShoulders(film: Film, anatomy: Anatomy, random: Random): void {
  const rise = random.between(0.06, 0.14);
  const level = anatomy.apex + 0.17;
  for (const side of [-1, 1]) {
    const clavicle = Array.from({ length: STEPS }, (_, index) => {
      const t = index / (STEPS - 1);
      return { x: side * (0.1 + 0.62 * t), y: level - rise * t + 0.035 * Math.sin(2 * Math.PI * t) };
    });
    addBand(film, clavicle, { width: (t) => 0.036 - 0.012 * Math.sin(Math.PI * t), peak: 0.14, hollow: 0.35 });
    addEllipse(film, { x: side * 0.8, y: -0.42 }, { rx: 0.14, ry: 0.3, tilt: side * 0.25, peak: 0.07, softness: 0.3 });
  }
}
