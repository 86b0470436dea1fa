import type { ExplanationMethod } from '@xvision/contracts';
import {
  type BackbonePasses,
  type ExplainedImage,
  type HeadNetwork,
  openMapper,
  type RawMap,
} from '@xvision/explanation';
import type { TrustContext } from './trust-context.js';

interface Mapped {
  readonly method: ExplanationMethod;
  readonly networks: readonly HeadNetwork[];
  readonly passes: BackbonePasses;
  readonly images: readonly ExplainedImage[];
  readonly what: string;
}

/** One map per image, of these networks on top of these passes. */
export async function mapsOf(context: TrustContext, mapped: Mapped): Promise<RawMap[]> {
  const { target, threads, weights, step } = context;
  const { method, networks, passes, images, what } = mapped;
  await using mapper = await openMapper({
    method,
    networks,
    passes,
    target,
    threads,
    weights: () => Promise.resolve(weights),
  });
  const maps: RawMap[] = [];
  for (const image of images) {
    step(what);
    maps.push(await mapper.map(image));
  }
  return maps;
}
