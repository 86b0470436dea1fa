import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@xvision/local-stack';
import type { BenchStack } from './bench-stack.js';
import { residentMegabytes } from './resident-memory.js';
import { spreadOf } from './rounds.js';

const SAMPLE_MS = 500;

export interface ServiceMemory {
  readonly service: ServiceName;
  readonly peak: number;
  /** Medians while the first and the last fifth of the images went through this service; undefined where it saw none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
}

interface Sample {
  /** How much of its own work this service has done, 0 to 1. */
  readonly done: number;
  readonly megabytes: number;
}

interface Counts {
  readonly collected: number;
  readonly prepared: number;
  readonly extracted: number;
  readonly published: number;
}

async function countsOf({ catalogue }: BenchStack): Promise<Counts> {
  const [row] = await catalogue.prisma.$queryRaw<Counts[]>`
    SELECT (SELECT count(*)::int FROM image) AS collected, (SELECT count(*)::int FROM prepared_image) AS prepared,
      (SELECT count(*)::int FROM inbox WHERE consumer = 'extractor') AS extracted,
      (SELECT count(*)::int FROM event WHERE published_at IS NOT NULL) AS published`;
  return row ?? { collected: 0, prepared: 0, extracted: 0, published: 0 };
}

/** An image is collected, prepared and extracted: three events. The services that do not touch images go by the last stage. */
function doneBy(service: ServiceName, { collected, prepared, extracted, published }: Counts, images: number): number {
  if (service === 'scraper') return collected / images;
  if (service === 'preprocessor') return prepared / images;
  if (service === 'relay') return published / (3 * images);
  return extracted / images;
}

/** Looks at the memory of all services twice a second until `finish` is called. */
export function watchMemory(stack: BenchStack, images: number): { finish(): Promise<ServiceMemory[]> } {
  const samples = new Map<ServiceName, Sample[]>(SERVICES.map((service) => [service, []]));
  let over = false;
  const watching = (async () => {
    while (!over) {
      const pids = new Map(SERVICES.map((service) => [service as string, stack.stack.service(service).pid]));
      const [counts, memory] = await Promise.all([countsOf(stack), residentMegabytes(pids)]);
      for (const [service, list] of samples) {
        list.push({ done: doneBy(service, counts, images), megabytes: memory.get(service) ?? 0 });
      }
      await sleep(SAMPLE_MS);
    }
  })();
  return {
    async finish() {
      over = true;
      await watching;
      return [...samples].map(([service, list]) => summarise(service, list));
    },
  };
}

function summarise(service: ServiceName, samples: readonly Sample[]): ServiceMemory {
  const between = (from: number, to: number): number | undefined => {
    const chosen = samples.filter(({ done }) => done > from && done <= to).map(({ megabytes }) => megabytes);
    return chosen.length === 0 ? undefined : spreadOf(chosen).median;
  };
  const peak = Math.max(...samples.map(({ megabytes }) => megabytes));
  return { service, peak, first: between(0, 0.2), last: between(0.8, 1) };
}
