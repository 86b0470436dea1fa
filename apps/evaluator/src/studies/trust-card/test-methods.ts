import type { ExplanationMethod, MethodTrust } from '@xvision/contracts';
import {
  judgeCurve,
  judgeRandomisation,
  judgeRepeatability,
  noRepeatability,
  stepUp,
  verdictOf,
} from '@xvision/explanation';
import { agreementOf, BLOCKS, cascade, MAP_SETS, type MethodMaps, similaritiesOf } from './cascade.js';
import { CHANCES, type CurveGains, curves } from './curves.js';
import { placesTests } from './places.js';
import type { TrustContext } from './trust-context.js';

/** Puts the maps of each method to every test, and says what came of it. */
export async function testMethods(
  context: TrustContext,
  methods: readonly ExplanationMethod[],
): Promise<MethodTrust[]> {
  const maps = await cascade(context, methods);
  const gains = await curves(context, maps);
  const tested: MethodTrust[] = [];
  for (const [method, own] of maps) tested.push(await judged(context, method, { maps: own, gains: gains.get(method) }));
  return tested;
}

/** Maps and curves made of one image. */
export function stepsOfImage(methods: number, networks: number): number {
  const alone = networks > 1 ? networks : 0;
  return methods * (MAP_SETS + alone + 1) + BLOCKS.length + CHANCES;
}

async function judged(
  context: TrustContext,
  method: ExplanationMethod,
  { maps, gains }: { readonly maps: MethodMaps; readonly gains: CurveGains | undefined },
): Promise<MethodTrust> {
  const { cascade: stages, similarities } = similaritiesOf(maps);
  const { length } = context.networks;
  const repeated = agreementOf(maps).map((single) => stepUp(single, length));
  const tests = [
    judgeRandomisation(similarities),
    length > 1 ? judgeRepeatability(repeated) : noRepeatability(),
    judgeCurve('deletion', gains?.deletion ?? []),
    judgeCurve('insertion', gains?.insertion ?? []),
    ...(await placesTests(context, method, maps)),
  ];
  return { method, ...verdictOf(method, tests), tests, cascade: stages };
}
