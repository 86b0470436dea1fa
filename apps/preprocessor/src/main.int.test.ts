import { anImageCollected } from '@xvision/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Surroundings, startSurroundings } from './start-preprocessor.js';
import { announcements, aRadiograph, collect, type Original } from './test-images.js';

describe('the preprocessor process', () => {
  let world: Surroundings;
  const lag = async () => (await world.bus.lag()).find(({ consumer }) => consumer === 'preprocessor')?.lag;
  const said = () => announcements(world.catalogue);

  beforeAll(async () => {
    world = await startSurroundings();
  });
  beforeEach(async () => {
    await world.catalogue.prisma.$executeRaw`TRUNCATE event, inbox, dead_letter, collection CASCADE`;
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  test('gives every image one outcome, buries what belongs to no image, counts in /metrics and ends on SIGTERM with 0', async () => {
    const whole = await aRadiograph(1);
    const originals: Original[] = [
      { name: 'good', bytes: whole },
      { name: 'same bytes', bytes: whole },
      { name: 'cut off', bytes: whole.slice(0, whole.length / 2) },
      { name: 'error page', bytes: Buffer.from('<html>404</html>') },
      { name: 'thumbnail', bytes: await aRadiograph(1, 32) },
      { name: 'not 224', bytes: whole, asPrepared: true },
    ];
    const events = await collect(world.catalogue, world.stores.blobs, originals);
    await world.bus.publishAll(events);
    await world.bus.publish(anImageCollected({ imageId: '019a0000-0000-7000-8000-000000000001' }));
    const preprocessor = world.start({ CONCURRENCY: '1' });
    const url = await preprocessor.url();

    await vi.waitFor(async () => expect(await lag()).toBe(0), { timeout: 30_000, interval: 50 });

    const reasons = await world.catalogue.prisma.$queryRaw`
      SELECT external_id AS name, reason FROM image_rejection JOIN image ON id = image_id ORDER BY name`;
    expect(reasons).toEqual([
      { name: 'cut off', reason: 'truncated' },
      { name: 'error page', reason: 'unsupported-format' },
      { name: 'not 224', reason: 'not-224' },
      { name: 'thumbnail', reason: 'too-small' },
    ]);
    const announced = await said();
    expect(announced).toHaveLength(originals.length);
    expect(new Set(announced.map(({ imageId }) => imageId)).size).toBe(originals.length);
    const letters = await world.catalogue.prisma.$queryRaw<object[]>`SELECT reason, message FROM dead_letter`;
    expect(letters).toEqual([{ reason: 'poison', message: expect.stringContaining('is not in the catalogue') }]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const line of ['outcome="prepared",service="preprocessor"} 1', 'outcome="reused",service="preprocessor"} 1']) {
      expect(metrics).toContain(`xvision_preprocessor_images_total{${line}`);
    }
    expect(metrics).toContain('outcome="rejected",service="preprocessor"} 4');
    preprocessor.child.kill('SIGTERM');
    expect(await preprocessor.exit).toBe(0);
  });

  test('SIGTERM in mid-job finishes or hands back what is in hand; another copy does the rest, each image once', async () => {
    const count = 12;
    const originals = await Promise.all(
      Array.from({ length: count }, async (_, n) => ({ name: `image ${n}`, bytes: await aRadiograph(n, 700) })),
    );
    const first = world.start();
    await first.url();
    await world.bus.publishAll(await collect(world.catalogue, world.stores.blobs, originals));
    await vi.waitFor(async () => expect((await said()).length).toBeGreaterThan(0), { timeout: 30_000, interval: 5 });

    first.child.kill('SIGTERM');

    expect(await first.exit).toBe(0);
    const finished = (await said()).length;
    expect(finished).toBeLessThan(count);
    expect(await lag()).toBe(count - finished);
    const second = world.start();
    await vi.waitFor(async () => expect(await said()).toHaveLength(count), { timeout: 30_000, interval: 50 });
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    expect(new Set((await said()).map(({ imageId }) => imageId)).size).toBe(count);
  });

  test('a wrong environment ends the process with every fault in one message', async () => {
    const preprocessor = world.start({ CONCURRENCY: '0', MAX_PIXELS: 'many' });

    expect(await preprocessor.exit).toBe(1);

    expect(preprocessor.output()).toMatch(/CONCURRENCY/);
    expect(preprocessor.output()).toMatch(/MAX_PIXELS/);
  });
});
