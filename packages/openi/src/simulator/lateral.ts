import type { Anatomy, Lesions, Site } from './anatomy.js';
import { addBand, addBlob, addDensity, addEllipse, type Film, type Point, ramp } from './film.js';
import type { Random } from './random.js';

const WHOLE = { left: -1, right: 1, top: -1, bottom: 1 };

/** Draws the lateral view: sternum to the left, spine to the right. */
export function drawLateral(film: Film, body: { anatomy: Anatomy; lesions: Lesions }, random: Random): void {
  const { anatomy, lesions } = body;
  drawSoftTissue(film, anatomy);
  drawLungs(film, anatomy, lesions);
  drawSpine(film, anatomy);
  drawRibs(film, anatomy, random);
  drawHila(film, anatomy, random);
  for (const site of [...lesions.nodules, ...lesions.opacity]) addBlob(film, place(site, anatomy), site);
  if (lesions.granuloma !== undefined) addBlob(film, place(lesions.granuloma, anatomy), lesions.granuloma);
}

/** The chest is deepest at mid-height and narrows towards the neck. */
function front(y: number): number {
  return -0.56 + 0.34 * ramp(0.1, -0.95, y);
}

function back(y: number): number {
  return 0.52 - 0.16 * ramp(-0.2, -1, y) - 0.06 * ramp(0.1, 0.9, y);
}

function diaphragm(x: number, anatomy: Anatomy, side: 0 | 1): number {
  const dome = anatomy.domes[side] - 0.02;
  return dome + 0.22 * ramp(0, 0.55, x) + 0.05 * ramp(-0.3, -0.6, x);
}

function place(site: Site, anatomy: Anatomy): Point {
  const top = anatomy.apex + 0.12;
  const y = top + site.down * (anatomy.domes[site.side < 0 ? 0 : 1] - 0.04 - top);
  return { x: front(y) + 0.1 + site.back * (back(y) - front(y) - 0.2), y };
}

function drawSoftTissue(film: Film, { softTissue, domes }: Anatomy): void {
  addDensity(film, WHOLE, (x, y) => {
    const outlineFront = front(y) - 0.1 - 0.04 * ramp(0.2, 0.6, y);
    const outlineBack = back(y) + 0.24;
    const body = ramp(-0.06, 0.08, x - outlineFront) * ramp(-0.06, 0.1, outlineBack - x);
    const arms = 0.12 * ramp(-0.55, -0.95, y);
    return body * (1.12 * softTissue + arms + 0.12 * ramp(domes[0], domes[1] + 0.2, y));
  });
}

function drawLungs(film: Film, anatomy: Anatomy, { effusionSide }: Lesions): void {
  const { softTissue, heartHalfWidth, heartHalfHeight, domes, apex } = anatomy;
  const heart = { x: -0.2, y: domes[1] - 0.8 * heartHalfHeight };
  addDensity(film, WHOLE, (x, y) => {
    const between = ramp(-0.02, 0.05, x - front(y) - 0.02) * ramp(-0.02, 0.06, back(y) - x);
    if (between === 0) return 0;
    // The apex is a dome between the shoulders, not a ceiling.
    const middle = (front(y) + back(y)) / 2;
    const top = ramp(-0.03, 0.05, y - apex - 0.05 - 1.2 * (x - middle) ** 2);
    const u = (x - heart.x) / (0.85 * heartHalfWidth);
    const v = (y - heart.y) / (1.1 * heartHalfHeight);
    const behindHeart = 1 - ramp(0.85, 1.1, Math.hypot(u, v - 0.3 * u));
    const air = ([0, 1] as const).map((side) => {
      const fluid = effusionSide === (side === 0 ? -1 : 1) ? 0.12 + 0.16 * ramp(0, 0.5, x) : 0;
      return ramp(-0.015, 0.02, diaphragm(x, anatomy, side) - fluid - y);
    });
    const lungs = 0.5 * ((air[0] ?? 0) + (air[1] ?? 0));
    return -0.86 * softTissue * between * top * lungs * (1 - 0.62 * behindHeart);
  });
}

function drawSpine(film: Film, { domes }: Anatomy): void {
  addDensity(film, { left: 0.1, right: 0.85, top: -1, bottom: 1 }, (x, y) => {
    const centre = back(y) - 0.07;
    const disc = 0.5 + 0.5 * Math.cos(2 * Math.PI * y * 5.4);
    const body = 1 - ramp(0.065, 0.1, Math.abs(x - centre));
    const arches = 1 - ramp(0.03, 0.08, Math.abs(x - centre - 0.14));
    // The spine darkens downwards where the lungs are clear.
    const fade = 1 - 0.35 * ramp(-0.5, domes[0], y);
    return fade * (body * (0.1 + 0.07 * ramp(0.05, 0.45, disc)) + 0.05 * arches * (0.6 + 0.4 * disc));
  });
}

function drawRibs(film: Film, anatomy: Anatomy, random: Random): void {
  for (let rib = 0; rib < anatomy.ribs; rib++) {
    for (const shift of [0, random.between(0.02, 0.05)]) {
      const start = anatomy.apex + 0.05 + rib * 0.145 + shift;
      const points = Array.from({ length: 12 }, (_, index) => {
        const t = index / 11;
        const y = start + 0.34 * t + 0.08 * Math.sin(Math.PI * t);
        return { x: back(start) - t * (back(start) - front(y) - 0.05), y };
      });
      addBand(film, points, { width: (t) => 0.024 * (1 - 0.3 * t), peak: 0.55 * anatomy.ribDensity, hollow: 0.4 });
    }
  }
  const sternum = Array.from({ length: 8 }, (_, index) => {
    const y = -0.55 + (index / 7) * 0.85;
    return { x: front(y) - 0.015, y };
  });
  addBand(film, sternum, { width: () => 0.028, peak: 0.1, hollow: 0.3 });
}

function drawHila(film: Film, anatomy: Anatomy, random: Random): void {
  addBlob(film, { x: -0.02, y: -0.1 }, { radius: 0.08, peak: anatomy.vessels * 1.5 });
  addEllipse(film, { x: -0.06, y: -0.36 }, { rx: 0.16, ry: 0.09, tilt: 0.5, peak: 0.06, softness: 0.4 });
  addDensity(film, { left: -0.2, right: 0.2, top: -1, bottom: -0.1 }, (x, y) => {
    return -0.1 * (1 - ramp(0.025, 0.06, Math.abs(x + 0.02 - 0.1 * (y + 0.5)))) * (1 - ramp(-0.3, -0.12, y));
  });
  for (let branch = 0; branch < 16; branch++) {
    const angle = random.between(0, 2 * Math.PI);
    const length = random.between(0.15, 0.38);
    const points = Array.from({ length: 5 }, (_, index) => {
      const t = 0.15 + 0.85 * (index / 4);
      return { x: -0.02 + length * t * Math.cos(angle), y: -0.1 + length * t * Math.sin(angle + 0.3 * t) };
    });
    addBand(film, points, { width: (t) => 0.015 * (1 - 0.7 * t), peak: anatomy.vessels * random.between(0.3, 0.6) });
  }
}
