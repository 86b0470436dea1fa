import { describe, expect, test } from 'vitest';
import { harmless } from './harmless.js';
import { makeOutput, table } from './output.js';

const EVIL = '\u001b[31mx\u001b]0;owned\u0007\u009b2J\u202Egnp.\r.png';

/** What a terminal would obey, but for lines and the two codes of a bold heading. */
const codesIn = (text: string) => text.replaceAll(/\p{Cc}\[(?:1|22)m|\n/gu, '').match(/\p{Cc}|\u202e/gu) ?? [];

function said(json: boolean) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    ({ isTTY: true, write: (text: string) => Boolean((written[name] += text)) }) as unknown as NodeJS.WriteStream;
  return { written, output: makeOutput({ json, stdout: stream('stdout'), stderr: stream('stderr') }) };
}

describe('what is printed of names that strangers chose', () => {
  test('no code of a terminal comes through in a table, a line or a note: each is written out', () => {
    const { written, output } = said(false);
    output.result([EVIL], (names) =>
      table(
        ['file'],
        names.map((name) => [name]),
      ),
    );
    output.item(EVIL, (name) => name);
    output.note(`cannot read ${EVIL}`);

    const expected = '\\u001b[31mx\\u001b]0;owned\\u0007\\u009b2J\\u202egnp.\\u000d.png';
    expect(written.stdout.split(expected).length).toBe(3);
    expect(written.stderr).toBe(`cannot read ${expected}\n`);
    expect(codesIn(written.stdout)).toEqual([]);
  });

  test('a JSON document says the same, with no raw code in it', () => {
    const { written, output } = said(true);
    output.result({ file: EVIL }, () => '');

    expect(codesIn(written.stdout)).toEqual([]);
    expect(JSON.parse(written.stdout)).toEqual({ file: EVIL });
  });

  test('lines, tabs, letters of any language and a bold heading stay as they are', () => {
    const plain = 'Lunge, Überblick\t肺 🫁 ـرئةـ\nnext';

    expect(harmless(`${plain}\r\n\u001b[1mfile\u001b[22m`)).toBe(`${plain}\n\u001b[1mfile\u001b[22m`);
  });

  test('a name that holds just the code of a bold heading cannot hide another behind it', () => {
    expect(harmless('\u0007[1m \u001b[1;31m')).toBe('\\u0007[1m \\u001b[1;31m');
  });
});
