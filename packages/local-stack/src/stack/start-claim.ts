import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Home } from './home.js';
import { isAlive } from './stack-file.js';

/**
 * Lets one process at a time start a stack in a home: two would initialise one database. Returns what gives the claim back.
 * Throws when another process that lives holds it; the claim of a dead one counts for nothing.
 */
export function claimStart({ root, startClaim }: Home): () => void {
  for (;;) {
    if (takeFile(startClaim)) return () => rmSync(startClaim, { force: true });
    const holder = holderOf(startClaim);
    if (holder !== undefined && isAlive(holder))
      throw new Error(
        `process ${holder} is starting a stack in ${root} at this moment. See it with "xvision status", and try again when it is up.`,
      );
    rmSync(startClaim, { force: true });
  }
}

/** Makes the file with the number of this process in it, both at once; false where it is there. */
function takeFile(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own);
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
