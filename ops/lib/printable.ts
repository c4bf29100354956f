/**
 * What others said (an app's log, an answer of a mail server) as it may be printed: a terminal obeys some signs, and
 * whoever chose the words is not whoever sits before it. Pure.
 *
 * @module
 */

const OBEYED = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;

/** A text in which nothing moves the cursor, hides or reverses; ends of lines and tabs stay. */
export function printable(text: string): string {
  return text.replace(OBEYED, "\u{fffd}");
}
