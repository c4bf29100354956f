/**
 * What servers say, made fit to be shown: one line, cut, and without what was said to them in confidence.
 *
 * @module
 */

/** Characters of what a server said. */
export const SERVER_WORDS_MAX = 200;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Secrets shorter than this would hide half of an ordinary sentence. */
const SECRET_MIN = 4;

/**
 * A server's words in one line of at most {@link SERVER_WORDS_MAX} characters. Servers may repeat what they were told
 * (RFC 5321 forbids no such thing), so secrets are hidden, as they are and in base64.
 */
export function serverWords(said: string, secrets: readonly string[]): string {
  const hidden = secrets.flatMap(spellingsOf).sort((one, other) => other.length - one.length);
  const masked = hidden.reduce((text, secret) => text.replaceAll(secret, "***"), said);
  const words = masked.replaceAll(UNPRINTABLE, " ").replaceAll(/ {2,}/g, " ").trim();
  return words.length <= SERVER_WORDS_MAX ? words : `${words.slice(0, SERVER_WORDS_MAX - 1)}…`;
}

/** A secret as it is sent: bare, in base64 (AUTH LOGIN), or behind the user's name at any of three offsets (AUTH PLAIN). */
function spellingsOf(secret: string): readonly string[] {
  if (secret.length < SECRET_MIN) return [];
  const bytes = new TextEncoder().encode(secret);
  const shifted = [0, 1, 2].map((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const text = padded.toBase64({ omitPadding: true });
    // The first characters mix with what stands before, the last ones with what follows.
    return text.slice(offset === 0 ? 0 : offset + 1, text.length - 1);
  });
  return [secret, encodeURIComponent(secret), ...shifted.filter((text) => text.length >= SECRET_MIN)];
}
