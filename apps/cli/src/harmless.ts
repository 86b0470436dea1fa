/** How headings are drawn bold: the only codes that are ours. */
const BOLD: readonly string[] = ['\u001b[1m', '\u001b[22m'];

/** Control codes, separators of lines that are none, and what turns the direction of writing around; one of ours as a whole. */
const CODES = /\r\n|\p{Cc}(?:\[(?:1|22)m)?|[\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The text with every code that a terminal would obey written out, as JSON writes it: names of files, labels and notes come
 * from strangers. Lines, tabs and bold headings stay.
 */
export function harmless(text: string): string {
  return text.replaceAll(CODES, (code) => {
    if (code === '\r\n') return '\n';
    if (code === '\n' || code === '\t' || BOLD.includes(code)) return code;
    return `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}${code.slice(1)}`;
  });
}
