import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly megabytes: number;
}

async function processes(): Promise<ProcessRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    return pid === 0 ? [] : [{ pid, parent, megabytes: kilobytes / 1024 }];
  });
}

/**
 * Resident megabytes of each of these processes with its children, added up: pages that they share count more than once,
 * so the true figure is never above this one.
 */
export async function residentMegabytes(pids: ReadonlyMap<string, number | undefined>): Promise<Map<string, number>> {
  const all = await processes();
  const withChildren = (pid: number): number => {
    const own = all.find((row) => row.pid === pid)?.megabytes ?? 0;
    return all.filter((row) => row.parent === pid).reduce((sum, child) => sum + withChildren(child.pid), own);
  };
  return new Map([...pids].map(([name, pid]) => [name, pid === undefined ? 0 : withChildren(pid)]));
}
