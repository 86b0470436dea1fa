import type { Random } from './random.js';

/** A square of density in the making. Coordinates run from -1 (left, top) to 1 (right, bottom); more density is whiter. */
export interface Film {
  readonly size: number;
  readonly density: Float32Array;
  /** Zero everywhere; room for one shape while it is drawn. */
  readonly strength: Float32Array;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function newFilm(size: number): Film {
  return { size, density: new Float32Array(size * size), strength: new Float32Array(size * size) };
}

/** Smooth step from 0 at `low` to 1 at `high`. */
export function ramp(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Adds `shade(x, y)` to every pixel of the box. */
export function addDensity(film: Film, box: Box, shade: (x: number, y: number) => number): void {
  const { density } = film;
  forEachPixel(film.size, box, (at, x, y) => {
    density[at] = (density[at] ?? 0) + shade(x, y);
  });
}

/** A soft round shadow: a Gaussian of this peak and standard deviation. */
export function addBlob(film: Film, centre: Point, shape: { radius: number; peak: number }): void {
  const { radius, peak } = shape;
  const reach = 3 * radius;
  const box = { left: centre.x - reach, right: centre.x + reach, top: centre.y - reach, bottom: centre.y + reach };
  addDensity(film, box, (x, y) => {
    const distance = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / (2 * radius * radius);
    return peak * Math.exp(-distance);
  });
}

/** An ellipse of even density with an edge that fades over `softness` of its radius. */
export function addEllipse(
  film: Film,
  centre: Point,
  shape: { rx: number; ry: number; tilt?: number; peak: number; softness?: number },
): void {
  const { rx, ry, tilt = 0, peak, softness = 0.15 } = shape;
  const reach = Math.max(rx, ry) * (1 + softness);
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  const box = { left: centre.x - reach, right: centre.x + reach, top: centre.y - reach, bottom: centre.y + reach };
  addDensity(film, box, (x, y) => {
    const u = ((x - centre.x) * cos + (y - centre.y) * sin) / rx;
    const v = ((y - centre.y) * cos - (x - centre.x) * sin) / ry;
    return peak * (1 - ramp(1 - softness, 1 + softness, Math.sqrt(u * u + v * v)));
  });
}

/** A band along a line of points: half-width and peak may change along it. Bones have edges whiter than their middle (`hollow`). */
export function addBand(
  film: Film,
  points: readonly Point[],
  shape: { width: (along: number) => number; peak: number; hollow?: number },
): void {
  const { width, peak, hollow = 0 } = shape;
  const widest = 1.6 * Math.max(width(0), width(0.5), width(1));
  // Segments overlap at their joints; the strongest counts, so that joints are not whiter.
  const { strength, density } = film;
  const touched: number[] = [];
  for (let index = 0; index + 1 < points.length; index++) {
    const from = points[index];
    const to = points[index + 1];
    if (from === undefined || to === undefined) continue;
    const box = {
      left: Math.min(from.x, to.x) - widest,
      right: Math.max(from.x, to.x) + widest,
      top: Math.min(from.y, to.y) - widest,
      bottom: Math.max(from.y, to.y) + widest,
    };
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.max(1e-9, dx * dx + dy * dy);
    forEachPixel(film.size, box, (at, x, y) => {
      const t = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
      const offX = x - from.x - t * dx;
      const offY = y - from.y - t * dy;
      const distance = Math.sqrt(offX * offX + offY * offY) / width((index + t) / (points.length - 1));
      if (distance >= 1.4) return;
      const shade = (1 - ramp(0.6, 1.4, distance)) * (1 - hollow * (1 - ramp(0.2, 0.9, distance)));
      const before = strength[at] ?? 0;
      if (before === 0) touched.push(at);
      if (shade > before) strength[at] = shade;
    });
  }
  for (const at of touched) {
    density[at] = (density[at] ?? 0) + peak * (strength[at] ?? 0);
    strength[at] = 0;
  }
}

function forEachPixel(size: number, box: Box, visit: (at: number, x: number, y: number) => void): void {
  const toPixel = (value: number): number => ((value + 1) / 2) * size;
  const lastRow = Math.min(size, Math.ceil(toPixel(box.bottom)));
  const lastColumn = Math.min(size, Math.ceil(toPixel(box.right)));
  for (let row = Math.max(0, Math.floor(toPixel(box.top))); row < lastRow; row++) {
    for (let column = Math.max(0, Math.floor(toPixel(box.left))); column < lastColumn; column++) {
      visit(row * size + column, ((column + 0.5) / size) * 2 - 1, ((row + 0.5) / size) * 2 - 1);
    }
  }
}

export interface Exposure {
  /** Grey of zero density and grey per unit of density, 0-255. */
  readonly black: number;
  readonly gain: number;
  /** Exponent of the display curve; below 1 brightens the lungs. */
  readonly gamma: number;
  /** Standard deviation of the quantum noise, in grey levels. */
  readonly noise: number;
}

/** Steps of the display curve's table; finer than 8-bit grey by far. */
const LEVELS = 4096;

/** Develops the film: density → 8-bit grey through the exposure's curve, with noise that is slightly smeared as on a detector. */
export function develop(film: Film, exposure: Exposure, random: Random): Uint8Array {
  const { size, density } = film;
  const noise = new Float32Array(size * size);
  for (let at = 0; at < noise.length; at++) noise[at] = random.next() + random.next() + random.next() - 1.5;
  const curve = Float32Array.from({ length: LEVELS + 1 }, (_, level) => (level / LEVELS) ** exposure.gamma);
  const grey = new Uint8Array(size * size);
  for (let at = 0; at < grey.length; at++) {
    const smeared = 0.6 * (noise[at] ?? 0) + 0.4 * (noise[at - 1] ?? 0) + 0.4 * (noise[at - size] ?? 0);
    const shade = curve[Math.round(LEVELS * Math.min(1, Math.max(0, density[at] ?? 0)))] ?? 0;
    grey[at] = Math.round(
      Math.min(255, Math.max(0, exposure.black + exposure.gain * shade + 2 * exposure.noise * smeared)),
    );
  }
  return grey;
}
