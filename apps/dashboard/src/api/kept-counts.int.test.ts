import {
  type ImageStageCounts,
  insertCollection,
  keepReadings,
  listCollections,
  readPipeline,
  recordCollected,
  recordFeatures,
  recordPrepared,
  recordRejected,
  setCollectionState,
  type Transaction,
} from '@xvision/catalogue';
import { collectionSchema, pageOf, pipelineSchema } from '@xvision/contracts';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256, startApi, type TestApi } from './test-api.js';
import { getFrom } from './test-requests.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const origin = { source: 'xvision/test' };
const hash = (text: string) => sha256(Buffer.from(text));

type Act = 'collect' | 'prepare' | 'reject' | 'extract' | 'extract anew' | 'harvested';
const ACTS: readonly Act[] = ['collect', 'prepare', 'reject', 'extract', 'extract anew', 'harvested'];

/** What is done to the images, and whether it is committed at once, later, or never. */
const anAct = fc.record({
  act: fc.constantFrom(...ACTS),
  image: fc.nat({ max: 4 }),
  until: fc.constantFrom('committed', 'held', 'undone'),
});

/** Fails the transaction that it is thrown in. */
class UndoneError extends Error {
  override readonly name = 'UndoneError';
}

class World {
  readonly #held: (() => Promise<void>)[] = [];
  readonly #images = new Map<number, string>();
  readonly #collection: string;
  readonly #name: string;

  constructor(collection: string, name: string) {
    this.#collection = collection;
    this.#name = name;
  }

  /** Opens a transaction with this act in it; comes back when it is written, and committed where it is not to be held. */
  async carryOut(act: Act, n: number, until: 'committed' | 'held' | 'undone'): Promise<void> {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let write: () => void = () => undefined;
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const done = api.catalogue
      .transaction(async (tx) => {
        await this.#write(tx, act, n);
        write();
        await ended;
        if (until === 'undone') throw new UndoneError(act);
      })
      .catch((error: unknown) => {
        if (!(error instanceof UndoneError)) throw error;
        if (act === 'collect') this.#images.delete(n);
      });
    await Promise.race([written, done]);
    if (until === 'held') {
      this.#held.push(async () => {
        end();
        await done;
      });
      return;
    }
    end();
    await done;
  }

  async #write(tx: Transaction, act: Act, n: number): Promise<void> {
    const originalSha256 = hash(`original ${n}`);
    const preparedSha256 = hash(`prepared ${n % 2}`);
    if (act === 'harvested') return await setCollectionState(tx, this.#collection, { state: 'harvested' });
    if (act === 'collect') {
      const record = {
        externalId: `${n}.png`,
        originalSha256,
        mediaType: 'image/png' as const,
        byteLength: 1,
        patient: 'p',
      };
      const [fresh] = await recordCollected(tx, { collectionId: this.#collection, images: [record] }, origin);
      if (fresh !== undefined) this.#images.set(n, fresh.id);
      return undefined;
    }
    const imageId = this.#images.get(n);
    if (imageId === undefined) return undefined;
    if (act === 'prepare') {
      const made = { preparedSha256, preprocessing: 'centre-crop-224-v1', width: 8, height: 8, greyStatistics: [0] };
      return await recordPrepared(tx, { imageId, originalSha256, ...made }, origin);
    }
    if (act === 'reject') {
      return await recordRejected(
        tx,
        { imageId, originalSha256, reason: 'truncated', message: 'it ends early' },
        origin,
      );
    }
    const weights = hash(act === 'extract' ? this.#name : `other weights of ${this.#name}`);
    const identity = { preparedSha256, backbone: 'vgg16' as const, weights, preprocessing: 'centre-crop-224-v1' };
    const features = { imageId, identity: { ...identity, numerics: 'float32' as const }, featureSha256: hash('row') };
    await recordFeatures(tx, { ...features, engine: 'onnx-cpu' }, origin);
  }

  /** Commits what was held, the oldest first. */
  async letGo(): Promise<void> {
    await this.#held.shift()?.();
  }

  get holds(): boolean {
    return this.#held.length > 0;
  }
}

/** Counted here and now, beside what the API tells. */
async function expectTrueCounts(): Promise<void> {
  const told = await getFrom(api, '/api/collections?limit=500', pageOf(collectionSchema));
  const counted = await listCollections(api.catalogue, { limit: 500 });
  const shape = ({ id, counts, settled }: (typeof counted)[number] | (typeof told.items)[number]) => ({
    id,
    counts,
    settled,
  });
  expect(told.items.map(shape)).toEqual(counted.map(shape));
}

let worlds = 0;
async function newWorld(): Promise<World> {
  worlds += 1;
  const name = `world ${worlds}`;
  const request = { source: 'openi' as const, name, purpose: 'dataset' as const };
  const { id } = await api.catalogue.transaction((tx) => insertCollection(tx, request, origin));
  return new World(id, name);
}

describe('counts that are kept', () => {
  test('are those of counting after every change, whichever transactions are open, committed late or undone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAct, { minLength: 3, maxLength: 10 }), async (acts) => {
        const world = await newWorld();
        for (const { act, image, until } of acts) {
          // An image that another transaction holds would be waited for.
          if (world.holds) await world.letGo();
          await expectTrueCounts();
          await world.carryOut(act, image, until);
          await expectTrueCounts();
          await expectTrueCounts();
        }
        while (world.holds) {
          await world.letGo();
          await expectTrueCounts();
        }
      }),
      { numRuns: 15, seed: 18 },
    );
  });

  test('are not counted again while nothing changes, whoever asks', async () => {
    let readings = 0;
    const kept = keepReadings<number>(api.catalogue, 2);
    const ask = () =>
      kept('one', () => {
        readings += 1;
        return Promise.resolve(readings);
      });
    // A service that says that it lives may be writing just now: then nothing is kept, and one asks again.
    await expect.poll(async () => (await ask()) === (await ask())).toBe(true);
    const before = readings;

    await Promise.all(Array.from({ length: 20 }, ask));

    expect(readings).toBe(before);
  });

  test('who asks while a reading goes on gets one that began after the question', async () => {
    const began: (() => void)[] = [];
    const kept = keepReadings<number>(api.catalogue, 2);
    const ask = () => kept('one', () => new Promise<number>((resolve) => began.push(() => resolve(began.length))));
    await newWorld();
    const first = ask();
    await expect.poll(() => began.length).toBe(1);
    await newWorld();

    const others = [ask(), ask(), ask()];
    began[0]?.();
    await first;
    await expect.poll(() => began.length).toBe(2);
    began[1]?.();

    expect(await Promise.all(others)).toEqual([2, 2, 2]);
  });

  test('a reading that fails is not kept, and the next one is asked for', async () => {
    const kept = keepReadings<string>(api.catalogue, 2);

    await expect(kept('one', () => Promise.reject(new Error('the database is away')))).rejects.toThrow('away');

    expect(await kept('one', () => Promise.resolve('here'))).toBe('here');
  });

  test('the stages of the pipeline follow an image at once', async () => {
    const kept = keepReadings<readonly ImageStageCounts[]>(api.catalogue, 1);
    const collected = async () => (await readPipeline(api.catalogue, kept)).stages[0]?.done ?? 0;
    const before = await collected();
    const world = await newWorld();
    await world.carryOut('collect', 1, 'committed');

    expect(await collected()).toBe(before + 1);
    const { stages } = await getFrom(api, '/api/pipeline', pipelineSchema);
    expect(stages[0]?.done).toBe(before + 1);
  });
});
