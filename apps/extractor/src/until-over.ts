import { once } from 'node:events';

/** Waits for the end of the service: asked for from outside, or because its engine is lost. */
export async function untilOver(shutdown: Promise<void>, lost: AbortSignal): Promise<void> {
  if (lost.aborted) return;
  await Promise.race([shutdown, once(lost, 'abort')]);
}
