/** How often the parent is looked for; a killed local stack leaves its children running no longer than this. */
const LOOK_MS = 1000;

/**
 * Calls `gone` once when the process that started this one is no more: its IPC channel closed, or the process id in
 * XVISION_PARENT stopped existing (or stopped being this process's parent). Without either it does nothing.
 */
export function watchParent(parent: number | undefined, gone: () => void): void {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    clearInterval(timer);
    gone();
  };
  const wasChild = process.ppid === parent;
  const timer =
    parent === undefined
      ? undefined
      : setInterval(() => {
          // A dead parent that nobody has reaped still answers to signal 0, but is no parent any more.
          if (!isAlive(parent) || (wasChild && process.ppid !== parent)) tell();
        }, LOOK_MS).unref();
  if (process.channel !== undefined) {
    process.on('disconnect', tell);
    process.channel?.unref();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
