/**
 * Lines of nginx's configuration.
 *
 * @module
 */

/** Some lines, already indented as they stand in their own block. */
export type Lines = readonly string[];

/** A block with its lines, two spaces further in; nothing where there are none. */
export function block(head: string, lines: Lines): Lines {
  return [`${head} {`, ...lines.map((line) => line === "" ? "" : `  ${line}`), "}"];
}

/** A comment of one or more lines. */
export function remark(...lines: readonly string[]): Lines {
  return lines.map((line) => `# ${line}`);
}

/** A `map`: a variable that follows from another one. */
export function mapOf(from: string, to: string, cases: Readonly<Record<string, string>>): Lines {
  const word = (text: string) => /^[\w$./:-]+$/.test(text) ? text : `"${text}"`;
  return block(
    `map ${from} ${to}`,
    Object.entries(cases).map(([when, then]) => `${word(when)} ${word(then)};`),
  );
}

/** The text of a file. */
export function textOf(lines: Lines): string {
  return `${lines.join("\n")}\n`;
}
