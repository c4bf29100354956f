/**
 * Puts people's words into files that a shell or UCI reads, so that nothing of them is ever taken for more than text.
 *
 * @module
 */

// Control characters, line separators, half surrogates, and marks that reverse or hide what a person reads.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/u;

/** Whether a text is one line without anything that cannot be seen. */
export function isPlainLine(text: string): boolean {
  return text.length <= 300 && !UNSAFE.test(text);
}

/**
 * A text between single quotes, as a POSIX shell and UCI read it: within them only the quote itself means anything.
 * Throws for what {@link isPlainLine} refuses, which must have been judged before.
 */
export function quoted(text: string): string {
  return `'${plain(text).replaceAll("'", "'\\''")}'`;
}

/** A comment of one line; throws as {@link quoted} does. */
export function comment(text: string): string {
  return text === "" ? "#" : `# ${plain(text)}`;
}

/** A text in Markdown that formats nothing; throws as {@link quoted} does. */
export function markdownText(text: string): string {
  return plain(text).replaceAll(/[\\`*[\]<>|]/g, (sign) => `\\${sign}`);
}

function plain(text: string): string {
  if (!isPlainLine(text)) throw new TypeError(`Not one plain line: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}
