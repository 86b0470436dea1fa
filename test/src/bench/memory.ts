import { xvisionJson } from '../xvision.js';
import { startBenchStack } from './bench-stack.js';
import { writeManyFiles } from './many-files.js';
import type { Bench, Measure } from './measure.js';
import { type ServiceMemory, watchMemory } from './memory-samples.js';
import { figure } from './table.js';

const SIZE = { count: 5000, distinct: 240 };
const SIZE_QUICK = { count: 300, distinct: 40 };
const LIMIT_MB = 500;
const EXTRACTOR_LIMIT_MB = 1500;
/** Flat: no service ends more than this much above what it held at the beginning. */
const FLAT = 1.2;

function peakOf({ service, peak, first, last }: ServiceMemory): Measure {
  const parts = first === undefined || last === undefined ? '' : `, first fifth ${figure(first)}, last ${figure(last)}`;
  return {
    what: `${service}: highest resident memory${parts}`,
    unit: 'MB',
    spread: { median: peak, low: peak, high: peak },
    rounds: [peak],
    target: { atMost: service === 'extractor' ? EXTRACTOR_LIMIT_MB : LIMIT_MB },
  };
}

function growthOf(services: readonly ServiceMemory[]): Measure {
  const growths = services.flatMap(({ service, first, last }) =>
    first === undefined || last === undefined ? [] : [{ service, growth: last / first }],
  );
  const most = growths.reduce((a, b) => (a.growth > b.growth ? a : b), { service: 'none', growth: 0 });
  return {
    what: `most growth, last fifth / first fifth (${most.service})`,
    unit: 'x',
    spread: { median: most.growth, low: most.growth, high: most.growth },
    rounds: [most.growth],
    target: { atMost: FLAT },
  };
}

export const memory: Bench = {
  name: 'memory',
  about: 'resident memory of every service while thousands of images pass through the whole stack',
  async run(context) {
    const size = context.quick ? SIZE_QUICK : SIZE;
    await using stack = await startBenchStack(context);
    const { folder, labels } = await writeManyFiles(stack.folder, size);
    context.log(`${size.count} files of ${size.distinct} pictures through the whole stack`);
    const collecting = watchMemory(stack, size.count);
    await xvisionJson(['collect', 'folder', folder, '--labels', labels, '--name', 'many'], stack);
    const passing = await collecting.finish();

    context.log('training on every fifth of them');
    const during = watchMemory(stack, size.count);
    await xvisionJson(['train', '--task', 'nodule', '--head', 'seed-mlp', '--collection', 'many'], stack);
    const trained = await during.finish();

    const services = passing.map((one, index) => ({ ...one, peak: Math.max(one.peak, trained[index]?.peak ?? 0) }));
    const [first, ...rest] = services.map(peakOf);
    if (first === undefined) throw new Error('no service was measured');
    const note = `${size.count} files, each uploaded, checked, stored, decoded and prepared; the network ran for ${size.distinct} different pictures, spread over all; then a cross-validated training on ${size.count / 5} of them. A service is its process with its children, shared pages counted for each`;
    return [{ ...first, note }, ...rest, growthOf(services)];
  },
};
