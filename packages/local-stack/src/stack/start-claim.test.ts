import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from './home.js';
import { claimStart } from './start-claim.js';

const emptyHome = () => openHome(mkdtempSync(path.join(tmpdir(), 'xvision-claim-')));

test('of two that start a stack in one home, the second is told who is at it, and may when that one is done', () => {
  const home = emptyHome();
  const release = claimStart(home);

  expect(() => claimStart(home)).toThrow(`process ${process.pid} is starting a stack in ${home.root}`);

  release();
  claimStart(home)();
  expect(existsSync(home.startClaim)).toBe(false);
});

test('whoever died while starting is in nobody’s way', () => {
  const home = emptyHome();
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(home.startClaim, String(pid));

  claimStart(home)();

  expect(existsSync(home.startClaim)).toBe(false);
});

test('a claim that says nothing readable is in nobody’s way', () => {
  const home = emptyHome();
  writeFileSync(home.startClaim, '');

  claimStart(home)();

  expect(existsSync(home.startClaim)).toBe(false);
});
