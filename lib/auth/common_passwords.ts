/**
 * The passwords that people choose most, as guessers try them first. The list comes with zxcvbn-ts
 * (`@zxcvbn-ts/language-common`, `passwords-common`).
 *
 * @module
 */

import { dictionary } from "@zxcvbn-ts/language-common";

const COMMON: ReadonlySet<string> = new Set(
  dictionary["passwords-common"].filter((entry): entry is string => typeof entry === "string"),
);

/** Whether a password is among the commonest, whatever its case. */
export function isCommonPassword(password: string): boolean {
  return COMMON.has(password.toLowerCase());
}
