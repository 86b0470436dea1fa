import { setTimeout as sleep } from 'node:timers/promises';
import { insertCollection, recordCollected, recordPrepared } from '@xvision/catalogue';
import { type Prepared, readPrepared } from '@xvision/imaging';
import { type BareProcess, startBareProcess } from './bare-process.js';
import { type BenchStack, startBenchStack } from './bench-stack.js';
import type { Bench, Measure } from './measure.js';
import { somePrepared } from './prepared-images.js';
import { openPythonBackbones } from './python-backbones.js';
import { interleave, ratiosOf, type Side, type SideResult, spreadOf, type Work } from './rounds.js';

const IMAGES = 512;
/** Of a loop, which has neither start nor end to lose by. */
const IMAGES_BARE = 96;
const IMAGES_QUICK = 8;
/** How exactly the end is seen. */
const LOOK_MS = 25;
/** Looking costs the service its processor (20 times a second took 3 % of the machine): the next look is at half of the time left. */
const LOOK_SHARE = 0.5;
const FIRST_LOOK_MS = 1_000;
const origin = { source: 'xvision/bench' };

interface Stored {
  readonly imageId: string;
  readonly originalSha256: string;
  readonly preparedSha256: string;
  readonly prepared: Prepared;
}

/** The images of one round: new records of the same pixels, with the features of the round before forgotten. */
async function freshRecords({ catalogue, stores }: BenchStack, images: readonly Prepared[]): Promise<Stored[]> {
  const known = await catalogue.prisma.feature.findMany({ select: { featureSha256: true } });
  await catalogue.prisma.feature.deleteMany();
  for (const { featureSha256 } of known) await stores.blobs.remove(featureSha256);

  const keys = await Promise.all(images.map(({ png }) => stores.blobs.put(png)));
  const collected = keys.map((sha256, index) => ({
    externalId: `image-${index}`,
    originalSha256: sha256,
    mediaType: 'image/png' as const,
    byteLength: images[index]?.png.length ?? 0,
    patient: `patient-${index}`,
  }));
  const name = `bench-${crypto.randomUUID()}`;
  return catalogue.transaction(async (tx) => {
    const collection = await insertCollection(tx, { source: 'openi', name, purpose: 'dataset' }, origin);
    const recorded = await recordCollected(tx, { collectionId: collection.id, images: collected }, origin);
    return recorded.flatMap(({ id, externalId }) => {
      const index = Number(externalId.slice('image-'.length));
      const [prepared, sha256] = [images[index], keys[index]];
      if (prepared === undefined || sha256 === undefined) return [];
      return [{ imageId: id, originalSha256: sha256, preparedSha256: sha256, prepared }];
    });
  });
}

/** From the commit that announces the images (`image.prepared`) until every feature row is in the catalogue. */
async function extractAll({ catalogue }: BenchStack, records: readonly Stored[]): Promise<Work> {
  await catalogue.transaction(async (tx) => {
    for (const { prepared, ...keys } of records) {
      const { preprocessing, width, height, greyStatistics } = prepared;
      await recordPrepared(tx, { ...keys, preprocessing, width, height, greyStatistics }, origin);
    }
  });
  const announced = performance.now();
  for (;;) {
    const done = await catalogue.prisma.feature.count();
    const passed = performance.now() - announced;
    if (done >= records.length) return { units: records.length, seconds: passed / 1000 };
    const left = done === 0 ? FIRST_LOOK_MS : (passed / done) * (records.length - done);
    await sleep(Math.max(LOOK_MS, left * LOOK_SHARE));
  }
}

/** What the extractor chose on this machine, told by the row of one image. */
async function engineOf(stack: BenchStack, one: readonly Prepared[]): Promise<string> {
  await extractAll(stack, await freshRecords(stack, one));
  const row = await stack.catalogue.prisma.feature.findFirst({ select: { engine: true } });
  return row?.engine ?? '';
}

/** What the service is held against. */
interface Rival {
  readonly side: Side;
  readonly atLeast: number;
  readonly note: string;
}

const DUTIES =
  'the service reads, verifies and decodes each PNG, infers, stores, catalogues and announces; the other side has its pixels in memory';

export const extraction: Bench = {
  name: 'extraction',
  about: 'relay and extractor processes on real servers, against bare loops of ONNX Runtime, Keras and PyTorch',
  async run(context) {
    const images = await somePrepared(context.quick ? IMAGES_QUICK : IMAGES);
    const few = images.slice(0, context.quick ? IMAGES_QUICK : IMAGES_BARE);
    const pictures = await Promise.all(few.map(({ png }) => readPrepared(png)));
    await using stack = await startBenchStack(context, ['relay', 'extractor']);
    const engine = await engineOf(stack, images.slice(0, 1));
    context.log(`${images.length} images a round on ${engine}`);

    const given = {
      provider: engine.startsWith('onnx-cuda') ? 'cuda' : 'cpu',
      folder: stack.folder,
      pictures,
    } as const;
    await using same = await startBareProcess(context, {
      ...given,
      graph: engine.includes(' winograd ') ? 'winograd' : 'plain',
    });
    await using ordinary = await startBareProcess(context, { ...given, graph: 'plain' });
    await using python = await openPythonBackbones(context, { folder: stack.folder, pictures });
    const rivals: Rival[] = [
      bareLoop('ONNX Runtime on the same graph', same),
      bareLoop('ONNX Runtime on the ordinary graph', ordinary),
      ...python.sides.map((side) => ({ side, atLeast: 1, note: `${DUTIES}, in the batch that is quickest here` })),
    ];

    let records: Stored[] = [];
    const service: Side = {
      name: 'the whole service',
      prepare: async () => void (records = await freshRecords(stack, images)),
      run: () => extractAll(stack, records),
    };
    const [own, ...others] = await interleave([service, ...rivals.map(({ side }) => side)], context.rounds);
    const ratios = rivals.map(({ side, atLeast, note }, index): Measure => {
      const rounds = ratiosOf(own?.perSecond ?? [], others[index]?.perSecond ?? []);
      const what = `images/s of the service / bare ${side.name}`;
      return { what, unit: 'x', spread: spreadOf(rounds), rounds, target: { atLeast }, note: `${engine}; ${note}` };
    });
    return [...ratios, ...[own, ...others].flatMap((one) => (one === undefined ? [] : rate(one)))];
  },
};

function bareLoop(name: string, bare: BareProcess): Rival {
  const note = `${DUTIES} and as many threads (${bare.how}: the quickest here)`;
  return { side: { name, run: () => bare.pass() }, atLeast: 0.95, note };
}

function rate({ name, perSecond }: SideResult): Measure {
  return { what: name, unit: 'images/s', spread: spreadOf(perSecond), rounds: perSecond };
}
