import { acquireWeights, goldenImage, openVgg16, untrainedWeights } from './dist/index.js';

console.time('acquire');
const weights = await acquireWeights({
  file: '/work/shared/weights/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
  cacheDir: '/tmp/xc',
});
console.timeEnd('acquire');
console.time('un');
console.log(untrainedWeights().identity);
console.timeEnd('un');
console.time('open');
const m = await openVgg16({ weights, threads: 1 });
console.timeEnd('open');
console.log(m.describe(), process.memoryUsage().rss / 1e6);
const g = goldenImage();
for (const n of [1, 2, 4, 8, 1, 2, 4, 8, 16]) {
  const x = new Uint8Array(n * 150528);
  for (let i = 0; i < n; i++) x.set(g, i * 150528);
  await m.pool5(x, n);
  const t = process.cpuUsage();
  const w = performance.now();
  const reps = Math.max(1, 8 / n);
  for (let r = 0; r < reps; r++) await m.pool5(x, n);
  const c = process.cpuUsage(t);
  console.log(
    n,
    ((performance.now() - w) / reps / n).toFixed(0) + ' ms/img wall',
    ((c.user + c.system) / 1000 / reps / n).toFixed(0) + ' cpu',
    (process.memoryUsage().rss / 1e6).toFixed(0),
  );
}
await m[Symbol.asyncDispose]();
