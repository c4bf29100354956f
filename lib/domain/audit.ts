/**
 * What the audit trail keeps of a thing as it was and became: secrets masked, texts cleaned of what could forge or
 * reverse a line, and everything cut to a size that a row holds.
 *
 * @module
 */

/** What stands where a secret was. */
export const MASK = "•••";

/** Levels of nested objects and lists that are kept. */
export const TRACE_DEPTH = 6;

/** Entries of one object or list that are kept: more than a reach may name sites, so that no change of one is lost. */
export const TRACE_ENTRIES = 600;

/** Characters of one text that are kept. */
export const TRACE_TEXT = 500;

/** Characters of the whole as JSON: the column holds 65,535 bytes, a character takes up to three. */
export const TRACE_JSON = 20_000;

/** Of what was longer its beginning is kept: every quote in it takes two characters more. */
const TRACE_BEGINNING = 8_000;

const SECRET_PART =
  /pass(word|wd|phrase)|secret|token|seed|hash|credential|authorization|cookie|signature|recovery/i;
const SECRET_WORD = /(^|[_-])(otp|totp|pin|codes?|keys?)$|[a-z](Otp|Totp|Pin|Codes?|Keys?)$/;

/** Says when, which or how many, never what. */
const ABOUT = /(Ms|Id|Ids|Count|Length|Until|Since|At)$|_(ms|id|count)$/;

const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/]*@/gi;

// Control characters, marks that reverse or hide text, line separators, half surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A thing with the values of all keys that sound like a secret masked, its texts cleaned, and within the limits. */
export function maskSecrets(thing: unknown): unknown {
  return masked(thing, 0);
}

function masked(thing: unknown, depth: number): unknown {
  if (typeof thing === "string") return cleanText(thing, TRACE_TEXT);
  if (typeof thing === "bigint") return String(thing);
  if (typeof thing !== "object" || thing === null) return typeof thing === "function" ? null : thing;
  if (depth >= TRACE_DEPTH) return "…";
  if (Array.isArray(thing)) {
    const kept = thing.slice(0, TRACE_ENTRIES).map((entry: unknown) => masked(entry, depth + 1));
    return thing.length > TRACE_ENTRIES ? [...kept, `… ${thing.length - TRACE_ENTRIES} more`] : kept;
  }
  const entries = Object.entries(thing);
  const kept = entries.slice(0, TRACE_ENTRIES).map(([key, value]: [string, unknown]) => [
    cleanText(key, 80),
    isSecret(key, value) ? MASK : masked(value, depth + 1),
  ]);
  const more = entries.length - TRACE_ENTRIES;
  return Object.fromEntries(more > 0 ? [...kept, ["…", `${more} more`]] : kept);
}

/** Whether there is one matters to nobody but its owner; a secret that is not there is no secret. */
function isSecret(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "boolean") return false;
  return (SECRET_PART.test(key) || SECRET_WORD.test(key)) && !ABOUT.test(key);
}

/** A text of at most `length` characters in which nothing ends, hides or reverses a line, nor names a password. */
export function cleanText(text: string, length: number): string {
  const clean = text.slice(0, length + 1).replace(URL_PASSWORD, `$1:${MASK}@`).replace(UNSAFE, "\uFFFD");
  return clean.length <= length ? clean : `${clean.slice(0, length - 1).toWellFormed()}…`;
}

/** A thing as JSON for a row of the trail, masked and cut; `null`: nothing. */
export function traceJson(thing: unknown): string | null {
  if (thing === undefined) return null;
  const json = JSON.stringify(maskSecrets(thing)) ?? "null";
  if (json.length <= TRACE_JSON) return json;
  return JSON.stringify({ characters: json.length, begins: json.slice(0, TRACE_BEGINNING).toWellFormed() });
}
