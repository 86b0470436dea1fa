// `npm run check`: every static check, each by its own tool; prints what a failed one said.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

const folders = () =>
  ['packages', 'apps', 'test'].flatMap((group) =>
    spawnSync('git', ['ls-files', '--', `${group}/package.json`, `${group}/*/package.json`], {
      cwd: root,
      encoding: 'utf8',
    })
      .stdout.split('\n')
      .filter(Boolean)
      .map((file) => path.join(root, path.dirname(file))),
  );

/** npm leaves out other platforms' binaries when a registry does not serve them; `npm ci` then fails there. */
function lockFile() {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const faults = [];
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (entry.resolved !== undefined && !entry.link) faults.push(`${name} names the address it was fetched from`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      const scopes = [];
      for (let at = name; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
        scopes.push(at === '' ? `node_modules/${optional}` : `${at}/node_modules/${optional}`);
        if (at === '') break;
        if (!at.includes('/node_modules/')) {
          scopes.push(`node_modules/${optional}`);
          break;
        }
      }
      if (!scopes.some((scope) => lock.packages[scope] !== undefined))
        faults.push(`${name} lacks optional ${optional}`);
    }
  }
  return faults;
}

function command(file, args) {
  const result = spawnSync(file, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', FORCE_COLOR: '0' },
  });
  return result.status === 0 ? [] : [`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim()];
}

function cleanBuild() {
  for (const folder of folders()) {
    for (const output of ['dist', 'generated', '.turbo'])
      rmSync(path.join(folder, output), { recursive: true, force: true });
  }
  return command(bin('turbo'), ['run', 'build', '--force', '--output-logs=errors-only', '--log-prefix=none']);
}

const setup = spawnSync(process.execPath, ['packages/local-stack/setup.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
if (setup.status !== 0) process.exit(1);

const checks = [
  { name: 'format', check: () => command(bin('biome'), ['ci', '.']) },
  { name: 'build with types', check: cleanBuild },
  { name: 'lint', check: () => command(bin('oxlint'), ['--type-aware', '--deny-warnings', '.']) },
  { name: 'boundaries', check: () => command(bin('turbo'), ['boundaries']) },
  { name: 'dead code', check: () => command(bin('knip'), []) },
  { name: 'lock file', check: lockFile },
];

let failures = 0;
for (const { name, check } of checks) {
  const started = Date.now();
  const faults = check();
  failures += faults.length > 0 ? 1 : 0;
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  for (const fault of faults) console.log(fault.replace(/^/gm, '       '));
}
process.exit(failures === 0 ? 0 : 1);
