/**
 * Which new passwords are taken: long enough, and none that is guessed first. There are no rules of composition
 * (NIST SP 800-63B, 5.1.1.2).
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isCommonPassword } from "./common_passwords.ts";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "./password.ts";

const COMMON = "Is one of the passwords that are guessed first";

/** Longest piece whose repetition is recognised, in characters. */
const PIECE_MAX = 6;

/** Judges a new password; what is wrong in words. */
export function judgePassword(password: string): Result<string, string> {
  if (password.length < PASSWORD_MIN_LENGTH) return err(`Needs at least ${PASSWORD_MIN_LENGTH} characters`);
  if (password.length > PASSWORD_MAX_LENGTH) {
    return err(`At most ${PASSWORD_MAX_LENGTH} characters are accepted`);
  }
  const lower = password.toLowerCase();
  if (
    isCommonPassword(lower) || isCommonPassword(lower.replace(/[^a-z]+$/, "")) || lower.includes("wattpost")
  ) {
    return err(COMMON);
  }
  if (isRepetition(lower)) return err("Repeats the same few characters");
  return isRun(lower) ? err("Counts or spells the alphabet in order") : ok(password);
}

function isRepetition(text: string): boolean {
  for (let size = 1; size <= PIECE_MAX; size++) {
    const piece = text.slice(0, size);
    if (piece.repeat(Math.ceil(text.length / size)).slice(0, text.length) === text) return true;
  }
  return false;
}

/** Whether each character follows the one before it, up or down, 9 and 0 being neighbours. */
function isRun(text: string): boolean {
  return ["0123456789".repeat(20), "abcdefghijklmnopqrstuvwxyz".repeat(8)].some((order) =>
    order.includes(text) || [...order].reverse().join("").includes(text)
  );
}
