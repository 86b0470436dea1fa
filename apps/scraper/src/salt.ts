import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface SaltOptions {
  /** Root folder of the blob store. */
  readonly XVISION_STORE: string;
  readonly XVISION_SALT?: string | undefined;
}

/** Short of this a salt file was cut off by a full disk or an editor. */
const LEAST_LENGTH = 16;

/**
 * The secret that keeps hashed patient ids from being made again from known ids: as configured, otherwise one made once and kept in
 * the store, where every scraper of the installation finds the same. Another salt would make two patients of one.
 */
export async function readSalt({ XVISION_STORE, XVISION_SALT }: SaltOptions): Promise<string> {
  if (XVISION_SALT !== undefined) return XVISION_SALT;
  const file = path.join(XVISION_STORE, 'salt');
  await makeOnce(file);
  const salt = (await readFile(file, 'utf8')).trim();
  if (salt.length < LEAST_LENGTH) {
    throw new Error(
      `${file} is damaged: restore it from a backup, or set XVISION_SALT. A new one would make two patients of one`,
    );
  }
  return salt;
}

/** Linking a finished file is atomic and fails where one is there: of two scrapers that start together one wins. */
async function makeOnce(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The pseudonym of a patient id, the same text that de-identification gives for the same id inside a DICOM file. */
export function hashPatient(patientId: string, salt: string): string {
  return createHmac('sha256', salt).update(`patient:${patientId}`).digest('hex');
}
