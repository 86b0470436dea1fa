import { acquireWeights, goldenImage, openVgg16 } from './dist/index.js';

const weights = await acquireWeights({
  file: '/work/shared/weights/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
  cacheDir: '/tmp/xc',
});
const m2 = await openVgg16({ weights, threads: 2 });
const a = await openVgg16({ weights, threads: 1 }),
  b = await openVgg16({ weights, threads: 1 });
const g = goldenImage();
const inp = (n) => {
  const x = new Uint8Array(n * 150528);
  for (let i = 0; i < n; i++) x.set(g, i * 150528);
  return x;
};
const tot = 16;
const modes = {
  't2 b1': async () => {
    for (let i = 0; i < tot; i++) await m2.pool5(inp(1), 1);
  },
  't2 b1 queued': async () => {
    await Promise.all(Array.from({ length: tot }, () => m2.pool5(inp(1), 1)));
  },
  't2 b2': async () => {
    await Promise.all(Array.from({ length: tot / 2 }, () => m2.pool5(inp(2), 2)));
  },
  't2 b4': async () => {
    await Promise.all(Array.from({ length: tot / 4 }, () => m2.pool5(inp(4), 4)));
  },
  '2x t1 b1': async () => {
    await Promise.all(
      [a, b].map(async (m) => {
        for (let i = 0; i < tot / 2; i++) await m.pool5(inp(1), 1);
      }),
    );
  },
  '2x t1 b2': async () => {
    await Promise.all(
      [a, b].map(async (m) => {
        for (let i = 0; i < tot / 4; i++) await m.pool5(inp(2), 2);
      }),
    );
  },
};
const res = {};
for (let r = 0; r < 5; r++)
  for (const k in modes) {
    const t = process.cpuUsage(),
      w = performance.now();
    await modes[k]();
    const c = process.cpuUsage(t);
    (res[k] ??= []).push([(performance.now() - w) / tot, (c.user + c.system) / 1000 / tot]);
  }
for (const k in res)
  console.log(
    k,
    res[k]
      .slice(1)
      .map((x) => x.map((v) => v.toFixed(0)).join('/'))
      .join('  '),
  );
process.exit(0);
