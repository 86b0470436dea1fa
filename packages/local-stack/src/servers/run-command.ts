import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Runs a program and gives its standard output; throws with the last line that it said when it fails or is missing. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd?: string; timeoutMs?: number } = {},
): Promise<string> {
  try {
    const { stdout } = await execFileAsync(file, args, {
      timeout: options.timeoutMs ?? 30_000,
      maxBuffer: 16 * 1024 * 1024,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    return stdout;
  } catch (error) {
    const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
    if (code === 'ENOENT') throw new Error(`${file} is not installed`, { cause: error });
    if (killed === true) throw new Error(`${file} took longer than ${options.timeoutMs} ms`, { cause: error });
    const said = (stderr ?? '').trim().split('\n').at(-1) ?? '';
    throw new Error(`${file} failed (${String(code)})${said === '' ? '' : `: ${said}`}`, { cause: error });
  }
}
