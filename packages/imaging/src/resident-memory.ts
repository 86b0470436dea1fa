import { readFile } from 'node:fs/promises';

/** Linux pages are 4 KiB on x86-64 and on the arm64 kernels in use; a wrong guess only moves the limit. */
const PAGE_BYTES = 4096;

/** Resident memory of a process in MiB, or undefined where the system does not say (not Linux, or the process is gone). */
export async function residentMb(pid: number): Promise<number | undefined> {
  try {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8');
    return (Number(statm.split(' ')[1]) * PAGE_BYTES) / 2 ** 20;
  } catch {
    return undefined;
  }
}
