import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deidentify } from '@xvision/imaging';
import { temporaryFolder } from '@xvision/testing';
import { expect, test } from 'vitest';
import { aDicomFile } from './dicom.fixture.js';
import { hashPatient, readSalt } from './salt.js';

test('scrapers that start together find one salt, readable by its owner only', async () => {
  await using folder = await temporaryFolder();
  const XVISION_STORE = path.join(folder.path, 'store');

  const salts = await Promise.all(Array.from({ length: 8 }, () => readSalt({ XVISION_STORE })));

  expect(new Set(salts).size).toBe(1);
  expect(salts[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(XVISION_STORE)).toEqual(['salt']);
  expect((await stat(path.join(XVISION_STORE, 'salt'))).mode & 0o077).toBe(0);
});

test('a configured salt is taken as it is and nothing is written', async () => {
  await using folder = await temporaryFolder();

  expect(await readSalt({ XVISION_STORE: folder.path, XVISION_SALT: 'configured-by-hand' })).toBe('configured-by-hand');
  expect(await readdir(folder.path)).toEqual([]);
});

test('a salt file that was cut off is an error, never quietly another salt', async () => {
  await using folder = await temporaryFolder();
  await writeFile(path.join(folder.path, 'salt'), '');
  await chmod(path.join(folder.path, 'salt'), 0o600);

  await expect(readSalt({ XVISION_STORE: folder.path })).rejects.toThrow(/restore it from a backup/);
});

test('an id in a table and the same id in a DICOM file are the same patient', () => {
  const { patient } = deidentify(aDicomFile({ patientId: 'MRN 4711' }), { salt: 'sixteen letters!' });

  expect(hashPatient('MRN 4711', 'sixteen letters!')).toBe(patient);
  expect(hashPatient('MRN 4711', 'another secret !')).not.toBe(patient);
});
