import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Context } from './context.js';
import { makeOutput } from './output.js';
import { buildProgram, runProgram } from './program.js';

const home = mkdtempSync(path.join(tmpdir(), 'xvision-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a command line that needs no stack and returns what it said. */
async function run(...given: string[]) {
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    ({ isTTY: false, write: (text: string) => Boolean((said[name] += text)) }) as unknown as NodeJS.WriteStream;
  const context: Context = {
    environment: { XVISION_HOME: home },
    output: makeOutput({ json: given.includes('--json'), stdout: stream('stdout'), stderr: stream('stderr') }),
    stderr: stream('stderr'),
    interrupted: new AbortController().signal,
  };
  return { code: await runProgram(given, context), ...said };
}

/** Every command of the program with the words that call it. */
function everyCommand(): { words: string; example: string }[] {
  const context = { output: makeOutput({ json: false, stdout: process.stdout, stderr: process.stderr }) } as Context;
  const walk = (command: ReturnType<typeof buildProgram>, words: string[]): { words: string; example: string }[] => {
    const children = command.commands
      // The shell calls these two, people do not.
      .filter((child) => !['completion', 'complete'].includes(child.name()))
      .flatMap((child) => walk(child, [...words, child.name()]));
    if (command.commands.length > 0 && words.at(-1) !== 'features') return children;
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    return [{ words: words.join(' '), example: help.split('Example:\n')[1]?.trim() ?? '' }, ...children];
  };
  return walk(buildProgram(context), []);
}

describe('the xvision command', () => {
  test.each(everyCommand())('"$words" shows an example that calls it', ({ words, example }) => {
    expect(example).toMatch(new RegExp(`^xvision ${words}`));
  });

  test('an unknown command, option or value is wrong usage, and stdout stays empty', async () => {
    for (const given of [
      ['nonsense'],
      ['images', '--nonsense'],
      ['train', '--task', 'nodule', '--epochs', '0'],
      ['collect', 'folder'],
    ]) {
      expect(await run(...given)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  test('a task that is neither preset nor file is wrong usage, and the presets are named', async () => {
    const { code, stderr } = await run('run', '--source', 'folder', '--path', home, '--task', 'heart');

    expect(code).toBe(2);
    expect(stderr).toContain(
      'neither a preset (nodule, abnormal, cardiomegaly, pneumonia, seed) nor a YAML or JSON file',
    );
  });

  test('a label that is no class of the task is refused before anything is sent', async () => {
    const labels = path.join(home, 'labels.csv');
    writeFileSync(path.join(home, 'a.png'), 'bytes');
    writeFileSync(labels, 'file,label\na.png,nodul\n');

    const { code, stderr } = await run(
      'run',
      '--source',
      'folder',
      '--path',
      home,
      '--labels',
      labels,
      '--task',
      'nodule',
    );

    expect(code).toBe(1);
    expect(stderr).toContain('1 labels are no class of the task nodule ("normal", "nodule"); nothing was collected');
    expect(stderr).toContain('a.png: "nodul"');
  });

  test('with --json the tasks are one document on stdout', async () => {
    const { code, stdout, stderr } = await run('tasks', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(5);
    expect(stderr).toBe('');
  });

  test('status without a stack says so and is no failure', async () => {
    const { code, stdout } = await run('status', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ running: false });
  });
});
