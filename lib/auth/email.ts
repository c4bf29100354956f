/**
 * How long an e-mail address may be, and how one that was typed is looked for.
 *
 * @module
 */

/** Longest e-mail address, in characters: what the database keeps of one. */
export const EMAIL_MAX_LENGTH = 190;

/** What was typed in the one way in which it is compared; normalised, a text may be many times as long, so it is cut. */
export function comparedEmail(typed: string): string {
  return typed.normalize("NFKC").trim().toLowerCase().slice(0, EMAIL_MAX_LENGTH);
}
