// Installs and builds what a fresh clone lacks, and nothing when all is there. Needs Node and npm alone, so it has no imports of its own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const stamp = path.join(root, 'node_modules', '.xvision-installed');

function step(what, command, args) {
  console.error(`${what} …`);
  const started = Date.now();
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    console.error(`${what} failed: ${command} ${args.join(' ')} (exit code ${result.status ?? result.signal})`);
    process.exit(1);
  }
  console.error(`${what}: done in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Xvision needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  step('Installing packages', 'npm', ['ci', '--loglevel=error']);
  writeFileSync(stamp, lock);
}
// `--services`: only what runs, not the tests.
const wanted = process.argv.includes('--services') ? ['--filter=./apps/*'] : [];
step('Building', path.join(root, 'node_modules', '.bin', 'turbo'), [
  'run',
  'build',
  ...wanted,
  '--output-logs=errors-only',
  '--log-prefix=none',
]);
