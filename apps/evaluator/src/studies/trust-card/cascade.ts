import { openVgg16Floats, randomisedFromTop } from '@xvision/backbone';
import type { CascadeStage, ExplanationMethod } from '@xvision/contracts';
import {
  type BackbonePasses,
  closePasses,
  type ExplainedImage,
  openBackbonePasses,
  type RawMap,
  randomisedHead,
  rankCorrelation,
  shownMap,
  structuralSimilarity,
} from '@xvision/explanation';
import { mapsOf } from './maps-of.js';
import { rememberedRows } from './remembered-rows.js';
import type { TrustContext } from './trust-context.js';

/** What a method shows of the model as it is and of what is left of it. */
export interface MethodMaps {
  /** One per image. */
  readonly own: readonly RawMap[];
  /** Of each network alone, one per image; none for a model of one network. */
  readonly members: readonly (readonly RawMap[])[];
  /** From the head alone down to the whole model. */
  readonly stages: readonly { readonly stage: string; readonly maps: readonly RawMap[] }[];
}

/** How many blocks of VGG16 are randomised, one stage after another. */
export const BLOCKS = [1, 2, 3, 4, 5] as const;
/** How many sets of maps are made of a method, beside those of single networks. */
export const MAP_SETS = 2 + BLOCKS.length;

/** Maps of every method: of the model, of its single networks, and of it randomised from the top. */
export async function cascade(
  context: TrustContext,
  methods: readonly ExplanationMethod[],
): Promise<ReadonlyMap<ExplanationMethod, MethodMaps>> {
  const { networks, images, weights, threads, random } = context;
  const randomHeads = networks.map((network) => randomisedHead(network, random));
  const found = new Map<
    ExplanationMethod,
    { own: RawMap[]; members: RawMap[][]; stages: MethodMaps['stages'][number][] }
  >();
  for (const method of methods) {
    await withPasses(await openBackbonePasses(method, { weights, threads }), async (opened) => {
      const { forward } = opened;
      const passes = forward === undefined ? opened : { ...opened, forward: rememberedRows(forward) };
      const make = (of: typeof networks, what: string) =>
        mapsOf(context, { method, networks: of, passes, images, what });
      const own = await make(networks, `${method} maps`);
      const members: RawMap[][] = [];
      if (networks.length > 1)
        for (const network of networks) members.push(await make([network], `${method} maps of each network`));
      const stages = [{ stage: 'head', maps: await make(randomHeads, `${method} maps of a random head`) }];
      found.set(method, { own, members, stages });
    });
  }
  for (const blocks of BLOCKS) {
    const randomised = randomisedFromTop(weights, blocks, random);
    const seen = await seenBy({ ...context, weights: randomised });
    for (const method of methods) {
      await withPasses(await openBackbonePasses(method, { weights: randomised, threads }), async (passes) => {
        const what = `${method} maps of random weights`;
        const maps = await mapsOf(context, { method, networks: randomHeads, passes, images: seen, what });
        found.get(method)?.stages.push({ stage: `head and blocks 5 to ${6 - blocks}`, maps });
      });
    }
  }
  return found;
}

async function withPasses(passes: BackbonePasses, work: (passes: BackbonePasses) => Promise<void>): Promise<void> {
  try {
    await work(passes);
  } finally {
    await closePasses(passes);
  }
}

/** The images with the features that these weights give. */
async function seenBy({ images, weights, threads, step }: TrustContext): Promise<ExplainedImage[]> {
  await using forward = await openVgg16Floats({ weights, threads });
  const seen: ExplainedImage[] = [];
  for (const { rgb } of images) {
    step('features of random weights');
    seen.push({ rgb, row: await forward.pool5(Float32Array.from(rgb)) });
  }
  return seen;
}

interface Likeness {
  readonly correlation: number;
  readonly ssim: number;
}

function likeness(one: RawMap, other: RawMap): Likeness {
  return {
    correlation: Math.abs(rankCorrelation(one.values, other.values)),
    ssim: structuralSimilarity(shownMap(one.values), shownMap(other.values), one.side),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How like its own map each stage leaves a method's map, and per image the larger of the first and the last stage. */
export function similaritiesOf({ own, stages }: MethodMaps): { cascade: CascadeStage[]; similarities: number[] } {
  const perStage = stages.map(({ maps }) =>
    own.map((map, image) =>
      likeness(map, maps[image] ?? { side: map.side, values: new Float32Array(map.values.length) }),
    ),
  );
  const cascade = stages.map(({ stage }, index) => ({
    stage,
    correlation: mean((perStage[index] ?? []).map(({ correlation }) => correlation)),
    ssim: mean((perStage[index] ?? []).map(({ ssim }) => ssim)),
  }));
  const decisive = [perStage[0] ?? [], perStage.at(-1) ?? []];
  const similarities = own.map((_, image) =>
    Math.max(...decisive.flatMap((stage) => [stage[image]?.correlation ?? 1, stage[image]?.ssim ?? 1])),
  );
  return { cascade, similarities };
}

/** Per image, the mean rank correlation of every two networks' maps. */
export function agreementOf({ own, members }: MethodMaps): number[] {
  return own.map((_, image) => {
    const maps = members.flatMap((one) => one[image] ?? []);
    const pairs = maps.flatMap((map, index) =>
      maps.slice(index + 1).map((other) => rankCorrelation(map.values, other.values)),
    );
    return mean(pairs);
  });
}
