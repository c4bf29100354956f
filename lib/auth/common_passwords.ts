/**
 * The passwords that people choose most, as guessers try them first. The list comes with zxcvbn-ts
 * (`@zxcvbn-ts/language-common`, `passwords-common`). It is made a set when the first new password is judged, not
 * at start: most processes judge none.
 *
 * @module
 */

import { dictionary } from "@zxcvbn-ts/language-common";

let common: ReadonlySet<string> | null = null;

/** Whether a password is among the commonest, whatever its case. */
export function isCommonPassword(password: string): boolean {
  common ??= new Set(
    dictionary["passwords-common"].filter((entry): entry is string => typeof entry === "string"),
  );
  return common.has(password.toLowerCase());
}
