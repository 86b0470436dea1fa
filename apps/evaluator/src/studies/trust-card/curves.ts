import { openVgg16Floats } from '@xvision/backbone';
import type { ExplanationMethod } from '@xvision/contracts';
import { cellOrder, curveAreas, openEnsembleCam, randomOrder, withCells } from '@xvision/explanation';
import { PREPARED_SIDE } from '@xvision/imaging';
import type { MethodMaps } from './cascade.js';
import type { TrustContext } from './trust-context.js';

/** Orders by chance, whose mean a method is held against. */
export const CHANCES = 2;

/** Per image, by how much a method's order beats chance; above 0 is better in both. */
export interface CurveGains {
  readonly deletion: number[];
  readonly insertion: number[];
}

interface Areas {
  readonly deletion: number;
  readonly insertion: number;
}

function meanOf(areas: readonly Areas[]): Areas {
  const mean = (of: (one: Areas) => number) => areas.reduce((sum, one) => sum + of(one), 0) / areas.length;
  return { deletion: mean(({ deletion }) => deletion), insertion: mean(({ insertion }) => insertion) };
}

/** Takes away and puts in what each method marks, image by image, against orders by chance on the same image. */
export async function curves(
  context: TrustContext,
  maps: ReadonlyMap<ExplanationMethod, MethodMaps>,
): Promise<ReadonlyMap<ExplanationMethod, CurveGains>> {
  const { networks, target, weights, threads, images, random, step } = context;
  await using forward = await openVgg16Floats({ weights, threads });
  await using cam = await openEnsembleCam(networks, { threads });
  const score = async (rgb: Float32Array) =>
    (await cam.score({ rows: await forward.pool5(rgb), target }))[0] ?? Number.NaN;
  const gains = new Map<ExplanationMethod, CurveGains>();
  for (const method of maps.keys()) gains.set(method, { deletion: [], insertion: [] });
  for (const [place, { rgb }] of images.entries()) {
    const whole = await score(Float32Array.from(rgb));
    const flat = await score(withCells(rgb, PREPARED_SIDE, () => false));
    const areas = (order: readonly number[]) => {
      step('deletion and insertion');
      return curveAreas({ rgb, side: PREPARED_SIDE, order, score, whole, flat });
    };
    const byChance: Areas[] = [];
    for (let time = 0; time < CHANCES; time += 1) byChance.push(await areas(randomOrder(random)));
    const chance = meanOf(byChance);
    for (const [method, { own }] of maps) {
      const map = own[place];
      if (map === undefined) continue;
      const { deletion, insertion } = await areas(cellOrder(map, random));
      gains.get(method)?.deletion.push(chance.deletion - deletion);
      gains.get(method)?.insertion.push(insertion - chance.insertion);
    }
  }
  return gains;
}
