import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '@xvision/testing';
import { type BenchOptions, readOptions } from './bench-options.js';
import { dashboard } from './dashboard.js';
import { extraction } from './extraction.js';
import { gradCam } from './grad-cam.js';
import { guidedBackprop } from './guided-backprop.js';
import { int8 } from './int8.js';
import { describeMachine, machineLine } from './machine.js';
import { manyTrainings } from './many-trainings.js';
import type { Bench, Measure } from './measure.js';
import { memory } from './memory.js';
import { relay } from './relay.js';
import { renderTable } from './table.js';
import { training } from './training.js';

const BENCHES: readonly Bench[] = [
  training,
  manyTrainings,
  gradCam,
  guidedBackprop,
  int8,
  relay,
  extraction,
  memory,
  dashboard,
];

const began = performance.now();
const say = (line: string) =>
  void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);

interface BenchResult {
  readonly name: string;
  readonly about: string;
  readonly seconds: number;
  readonly measures: readonly Measure[];
  readonly failure?: string;
}

/** A bench that fails says why, and the others still run. */
async function runBench(bench: Bench, options: BenchOptions): Promise<BenchResult> {
  const { name, about } = bench;
  say(`${name}: ${about}`);
  const cacheDir = path.resolve(process.env['XVISION_CACHE'] ?? path.join(projectRoot(), '.xvision', 'cache'));
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  try {
    const measures = await bench.run({ ...options, cacheDir, log: (line) => say(`  ${line}`) });
    return { name, about, seconds: seconds(), measures };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`  ${name} failed: ${failure}`);
    return { name, about, seconds: seconds(), measures: [], failure };
  }
}

async function main(): Promise<void> {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  );
  const machine = describeMachine();
  say(machineLine(machine));
  const chosen = BENCHES.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const startedAt = new Date().toISOString();
  const results: BenchResult[] = [];
  for (const bench of chosen) results.push(await runBench(bench, options));

  const { rounds, quick, threads, out } = options;
  process.stdout.write(`\n${machineLine(machine)}; ${rounds} rounds, ${threads} threads${quick ? ', QUICK' : ''}\n\n`);
  process.stdout.write(`${renderTable(results)}\n`);
  await writeFile(out, `${JSON.stringify({ startedAt, machine, rounds, quick, threads, results }, undefined, 2)}\n`);
  say(`written to ${out}`);
  if (results.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
