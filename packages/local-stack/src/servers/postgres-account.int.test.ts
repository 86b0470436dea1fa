import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spawnServer } from './child-server.js';
import { commandOnFolder, postgresAccount } from './postgres-account.js';

test('PostgreSQL finds its programs in a project that lies in a folder closed to others', async () => {
  const closed = await mkdtemp(path.join(tmpdir(), 'closed-'));
  await chmod(closed, 0o700);
  const program = path.join(closed, 'program');
  await writeFile(program, '', { mode: 0o755 });
  const data = path.join(closed, 'data');
  await mkdir(data);
  // Node asks with access(2), as initdb does when it looks for postgres.
  const looks = `require('node:fs').accessSync(${JSON.stringify(program)}, 1); console.log('found')`;

  const { file, args, ...account } = await commandOnFolder(await postgresAccount(), data, {
    file: process.execPath,
    args: ['-e', looks],
  });
  const child = await spawnServer({ file, args, ...account });
  await child.ended;

  expect(child.output().trim()).toBe('found');
  await rm(closed, { recursive: true });
});
