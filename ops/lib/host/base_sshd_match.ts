/**
 * What `Match` blocks of others let in: sshd tells by `sshd -T` what holds for everybody, and not what holds for some,
 * so their files are read. Pure.
 *
 * @module
 */

/** A line in a `Match` block that lets passwords or root's password in. */
export interface Loosened {
  /** Whom the block is for, as it is written: `Match address 192.0.2.0/24`. */
  readonly block: string;
  /** The setting in lower case. */
  readonly name: string;
  readonly value: string;
}

/** The files that sshd reads; where the first includes others, they are among these as distributions have it. */
export const SSHD_PLACES = { file: "/etc/ssh/sshd_config", folder: "/etc/ssh/sshd_config.d" } as const;

const SHOWN = 80;

/** Settings that let more in than keys, where they have such a value. */
const LOOSE: Readonly<Record<string, RegExp>> = {
  passwordauthentication: /^yes$/,
  kbdinteractiveauthentication: /^yes$/,
  challengeresponseauthentication: /^yes$/,
  permitemptypasswords: /^yes$/,
  permitrootlogin: /^yes$/,
};

/** What the `Match` blocks of one file let in. */
export function loosenedIn(text: string): readonly Loosened[] {
  const found: Loosened[] = [];
  let block: string | null = null;
  for (const line of text.split("\n")) {
    const [, word = "", rest = ""] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    const name = word.toLowerCase();
    const value = (rest.split(/\s/, 1)[0] ?? "").replaceAll('"', "").toLowerCase();
    if (name === "match") block = `Match ${rest.trim()}`.slice(0, SHOWN);
    else if (block !== null && LOOSE[name]?.test(value)) found.push({ block, name, value });
  }
  return found;
}
