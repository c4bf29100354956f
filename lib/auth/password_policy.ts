/**
 * Which new passwords are taken: long enough, and none that is guessed first. There are no rules of composition
 * (NIST SP 800-63B, 5.1.1.2).
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isCommonPassword } from "./common_passwords.ts";
import { normalPassword, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "./password.ts";

const COMMON = "Is one of the passwords that are guessed first";

/** Longest piece whose repetition is recognised, in characters. */
const PIECE_MAX = 6;

/** Longest tail behind a listed word that adds too little to it, in characters: a date has 8 to 10. */
const TAIL_MAX = 10;

/** Shortest part of a name or an address that a password may not contain, in characters. */
const OWN_PART_MIN = 4;

/** Whose password it is to be. */
export interface PasswordOwner {
  /** What people call them. */
  readonly name: string;
  /** What they sign in with. */
  readonly email: string;
}

/** Judges a new password, and beside it who it is for where that is known; what is wrong in words. */
export function judgePassword(password: string, owner?: PasswordOwner): Result<string, string> {
  const normal = normalPassword(password);
  if ([...normal].length < PASSWORD_MIN_LENGTH) {
    return err(`Needs at least ${PASSWORD_MIN_LENGTH} characters`);
  }
  if (normal.length > PASSWORD_MAX_LENGTH) {
    return err(`At most ${PASSWORD_MAX_LENGTH} characters are accepted`);
  }
  const lower = normal.toLowerCase();
  if (isCommonPassword(lower) || isListedWithTail(lower) || lower.includes("wattpost")) return err(COMMON);
  if (isRepetition(lower)) return err("Repeats the same few characters");
  if (isRun(lower)) return err("Counts or spells the alphabet in order");
  const own = owner && ownPartIn(normal, owner);
  return own === undefined
    ? ok(password)
    : err(`Contains "${own}" of your own name or e-mail address: choose one without it`);
}

/** Whether it is a listed word and a few signs behind it, or more of them that are themselves guessed first. */
function isListedWithTail(text: string): boolean {
  const word = text.replace(/[^a-z]+$/, "");
  const tail = text.slice(word.length);
  if (!isCommonPassword(word)) return false;
  return tail.length <= TAIL_MAX || isCommonPassword(tail) || isRepetition(tail) || isRun(tail);
}

/** What a password has of its owner's name or address: a longer part anywhere, or a short one that is all of it. */
function ownPartIn(password: string, { name, email }: PasswordOwner): string | undefined {
  const [local = "", domain = ""] = email.split("@");
  // What stands last in a domain is nobody's own.
  const wholes = [name, local, email, ...partsOf(name), ...partsOf(local), ...domain.split(".").slice(0, -1)];
  const bare = lettersOf(password);
  const folded = foldedOf(password);
  return wholes.map(foldedOf).find((own) => {
    const letters = lettersOf(own);
    return (own.length >= OWN_PART_MIN && folded.includes(own)) || (letters !== "" && letters === bare);
  });
}

function partsOf(text: string): readonly string[] {
  return text.split(/[^\p{L}\p{N}\p{M}]+/u);
}

/** Without case and accents. */
function foldedOf(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function lettersOf(text: string): string {
  return foldedOf(text).replace(/[^\p{L}]/gu, "");
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
