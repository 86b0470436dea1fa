/**
 * Generates the Prisma client from prisma/schema.prisma without any download: `generate` never runs the schema engine,
 * but Prisma's command fetches it unless this variable names an existing file; node itself is one on every machine.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = fileURLToPath(import.meta.resolve('prisma/package.json'));
const command = path.join(path.dirname(manifest), 'build', 'index.js');
const result = spawnSync(process.execPath, [command, 'generate', '--schema', 'prisma/schema.prisma', '--no-hints'], {
  cwd: import.meta.dirname,
  encoding: 'utf8',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (result.status !== 0) {
  console.error(result.stdout, result.stderr, result.error ?? '');
  process.exit(1);
}
