import type { ExplanationMethod, TrustTest } from '@xvision/contracts';
import {
  energyIn,
  isCellMethod,
  judgePlace,
  type Lesion,
  openEnsembleCam,
  pointsAt,
  type RawMap,
} from '@xvision/explanation';
import { PREPARED_SIDE } from '@xvision/imaging';
import type { MethodMaps } from './cascade.js';
import type { TrustContext } from './trust-context.js';

const CELL_SIDE = 7;
const CELLS = CELL_SIDE * CELL_SIDE;
const ROW = 25_088;

interface Placed {
  readonly map: RawMap;
  readonly lesion: Lesion;
}

/** Whether maps are where findings are, more than chance; nothing where no place is known of at least four. */
export async function placesTests(
  context: TrustContext,
  method: ExplanationMethod,
  maps: MethodMaps,
): Promise<TrustTest[]> {
  const placed = isCellMethod(method) ? await cellMaps(context, method) : ofImages(context, maps);
  if (placed.length < 4) return [];
  return [
    judgePlace(
      'pointing',
      against(placed, (map, lesion) => Number(pointsAt(map, lesion, PREPARED_SIDE))),
    ),
    judgePlace(
      'energy',
      against(placed, (map, lesion) => energyIn(map, lesion, PREPARED_SIDE)),
    ),
  ];
}

function ofImages({ images }: TrustContext, { own }: MethodMaps): Placed[] {
  return images.flatMap(({ lesion }, place) => {
    const map = own[place];
    return lesion === undefined || map === undefined ? [] : [{ map, lesion }];
  });
}

/** Of every image with a place: rows are there, and maps cost little. */
async function cellMaps(
  { networks, target, threads, located }: TrustContext,
  method: 'grad-cam' | 'hires-cam',
): Promise<Placed[]> {
  if (located.length === 0) return [];
  await using cam = await openEnsembleCam(networks, { threads });
  const rows = new Float32Array(located.length * ROW);
  for (const [place, { row }] of located.entries()) rows.set(row, place * ROW);
  const values = await cam.map(method, { rows, target, rectify: false });
  return located.map(({ lesion }, place) => ({
    map: { side: CELL_SIDE, values: values.slice(place * CELLS, (place + 1) * CELLS) },
    lesion,
  }));
}

/** Each map with its own lesion, and with those of all others: what its usual places reach without looking. */
function against(
  placed: readonly Placed[],
  measure: (map: RawMap, lesion: Lesion) => number,
): { hits: number[]; chance: number[] } {
  return {
    hits: placed.map(({ map, lesion }) => measure(map, lesion)),
    chance: placed.map(({ map }, own) => {
      const others = placed.filter((_, place) => place !== own);
      return others.reduce((sum, { lesion }) => sum + measure(map, lesion), 0) / others.length;
    }),
  };
}
