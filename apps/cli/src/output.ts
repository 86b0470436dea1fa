import Table from 'cli-table3';
import pc from 'picocolors';
import { harmless } from './harmless.js';

/** Where a command speaks: results on stdout, everything else on stderr, so that a script reads one document. */
export interface Output {
  readonly json: boolean;
  readonly terminal: boolean;
  /** Prints the result: the document with --json, else the text made of it. */
  readonly result: <Value>(value: Value, text: (value: Value) => string) => void;
  /** A line of a stream of results (`events --follow`); one JSON document a line with --json. */
  readonly item: <Value>(value: Value, text: (value: Value) => string) => void;
  readonly note: (line: string) => void;
}

export function makeOutput(options: { json: boolean; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream }): Output {
  const { json, stdout, stderr } = options;
  const print = (value: unknown, text: string, indent?: number) => {
    stdout.write(`${harmless(json ? JSON.stringify(value, undefined, indent) : text)}\n`);
  };
  return {
    json,
    terminal: stderr.isTTY,
    result: (value, text) => print(value, json ? '' : text(value), 2),
    item: (value, text) => print(value, json ? '' : text(value)),
    note: (line) => void stderr.write(`${harmless(line)}\n`),
  };
}

/** A plain table: no borders but a line under the heading. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  if (rows.length === 0) return '(none)';
  const none = '';
  const drawn = new Table({
    head: heading.map((title) => pc.bold(title)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: none,
    },
  });
  drawn.push(...rows.map((row) => row.map((cell) => (cell === null ? '-' : harmless(String(cell))))));
  return drawn.toString();
}
