import {
  openVgg16Backward,
  openVgg16Floats,
  type Vgg16Backward,
  type Vgg16Floats,
  type Vgg16Weights,
} from '@xvision/backbone';
import type { ExplanationMethod } from '@xvision/contracts';
import { isBackwardRule, isCellMethod } from './methods.js';

/** The backbone as a method needs it. */
export interface BackbonePasses {
  readonly forward?: Vgg16Floats;
  readonly backward?: Vgg16Backward;
}

/** Loads what a method needs of the backbone: nothing for the maps of 7 x 7 cells. */
export async function openBackbonePasses(
  method: ExplanationMethod,
  { weights, threads }: { readonly weights: Vgg16Weights; readonly threads: number },
): Promise<BackbonePasses> {
  if (isCellMethod(method)) return {};
  if (isBackwardRule(method)) return { backward: await openVgg16Backward({ weights, rule: method, threads }) };
  const forward = await openVgg16Floats({ weights, threads });
  if (method === 'occlusion') return { forward };
  return { forward, backward: await openVgg16Backward({ weights, rule: 'gradient', input: 'float32', threads }) };
}

export async function closePasses({ forward, backward }: BackbonePasses): Promise<void> {
  await forward?.[Symbol.asyncDispose]();
  await backward?.[Symbol.asyncDispose]();
}

/** A pass that the method was opened with. */
export function passOf<Pass>(pass: Pass | undefined): Pass {
  if (pass === undefined) throw new Error('the passes were opened for another method');
  return pass;
}
