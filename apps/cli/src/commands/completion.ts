import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** `xvision completion bash|zsh|fish` prints the script that the shell sources. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: 'completion' });
}
