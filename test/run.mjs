// `npm test`: sets up, runs every test, and ends with `N passed, N failed` taken from the runner's own report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

if (run(process.execPath, ['packages/local-stack/setup.mjs']).status !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const folder = mkdtempSync(path.join(tmpdir(), 'xvision-test-'));
const report = path.join(folder, 'report.json');
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = run(process.execPath, [
  vitest,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);

let passed = 0;
let failed = 0;
let skipped = 0;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const suitesThatDidNotLoad = result.testResults.filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  );
  passed = result.numPassedTests;
  failed = result.numFailedTests + suitesThatDidNotLoad.length;
  skipped = result.numPendingTests + (result.numTodoTests ?? 0);
  for (const suite of suitesThatDidNotLoad) console.error(`did not load: ${suite.name}\n${suite.message}`);
  const skips = result.testResults.flatMap((suite) =>
    suite.assertionResults
      .filter((one) => one.status !== 'passed' && one.status !== 'failed')
      .map((one) => one.fullName),
  );
  for (const name of skips) console.error(`skipped: ${name}`);
  // A skipped test proves nothing: only a missing GPU may skip in CI.
  if (process.env.CI !== undefined) failed += skips.filter((name) => !/\bGPU\b/.test(name)).length;
} catch (error) {
  console.error(`the test runner left no report: ${error.message}`);
}
rmSync(folder, { recursive: true, force: true });

if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
