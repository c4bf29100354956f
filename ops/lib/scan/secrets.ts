/**
 * Secrets that lie in the tree: what looks like a key of a known kind, and what is assigned to a secret's name and looks
 * like chance.
 *
 * @module
 */

import type { Finding } from "../../../lib/domain/scan.ts";
import { type Check, notRun, type ScanContext } from "./check.ts";

/** Files that are looked at. */
const FILES_MAX = 20_000;

/** Characters of one file; a longer one is looked at in part, which is said. */
const FILE_MAX = 2_000_000;

/** Kinds that are known by how they look. */
const KINDS: readonly { readonly id: string; readonly pattern: RegExp; readonly what: string }[] = [
  {
    id: "private-key",
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\n?(?:[A-Za-z0-9+/=]{40,}|Proc-Type)/,
    what: "a private key",
  },
  { id: "aws-key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, what: "a key of Amazon" },
  { id: "github-token", pattern: /\bgh[pousr]_[0-9A-Za-z]{36,}\b/, what: "a token of GitHub" },
  { id: "slack-token", pattern: /\bxox[abprs]-[0-9A-Za-z-]{20,}\b/, what: "a token of Slack" },
  { id: "npm-token", pattern: /\bnpm_[0-9A-Za-z]{36}\b/, what: "a token of npm" },
  { id: "twilio-key", pattern: /\bSK[0-9a-f]{32}\b/, what: "a key of Twilio" },
  {
    id: "url-password",
    pattern: /\b[a-z][a-z0-9+]{2,12}:\/\/[^\s/:@"'`$<{]+:(?!\*|password|PASSWORD|THE_)[^\s/:@"'`$<{]{8,}@/,
    what: "a password in an address",
  },
];

/** Something long that is assigned to what a secret is called. */
const ASSIGNED =
  /\b[A-Za-z_-]*(?:secret|token|passw(?:or)?d|api_?key|private_?key|credential)[A-Za-z_-]*["']?\s*[:=]\s*["'`]([A-Za-z0-9+/_=-]{20,200})["'`]/gi;

/** Bits a character from which a text looks like chance: words have about 3.5, base64 of 32 bytes 4.9. */
const CHANCE_BITS = 4.2;

/** What is no secret although it looks so, with the reason. */
const SPARED: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^deno\.lock$/, why: "sums of packages" },
  { path: /\.(?:svg|png|woff2|ico|xlsx)$/, why: "no text" },
];

/** The check. */
export const secretsCheck: Check = {
  name: "secrets",
  about: "secrets that lie in the tree of the project",
  async run(context) {
    const { paths, how } = await pathsOf(context);
    if (paths.length === 0) return notRun(`there are no files in ${context.project}`);
    const found: Finding[] = [];
    const looked = paths.slice(0, FILES_MAX);
    for (const path of looked) {
      if (SPARED.some((one) => one.path.test(path))) continue;
      const text = await context.read(`${context.project}/${path}`);
      if (text !== null) found.push(...secretsIn(path, text.slice(0, FILE_MAX)));
    }
    const rest = paths.length > looked.length ? `, of ${paths.length}` : "";
    return { kind: "ran", looked: `${looked.length} files ${how}${rest}`, findings: found };
  },
};

/** What looks like a secret in one file; the secret itself is never repeated. */
export function secretsIn(path: string, text: string): readonly Finding[] {
  if (text.includes("\0")) return [];
  const finding = (id: string, at: number, what: string): Finding => ({
    check: "secrets",
    id,
    severity: id === "assigned" ? "medium" : "high",
    what: `Line ${text.slice(0, at).split("\n").length} has what looks like ${what}`,
    where: path,
    remedy: "make a new one where it is used and take this one out; what is none is accepted with a reason",
  });
  const known = KINDS.flatMap(({ id, pattern, what }) => {
    const at = text.search(pattern);
    return at < 0 ? [] : [finding(id, at, what)];
  });
  const [assigned] = [...text.matchAll(ASSIGNED)].filter(([, value = ""]) =>
    bitsOf(value) >= CHANCE_BITS && /\d/.test(value) && /[A-Za-z]/.test(value)
  );
  return assigned ? [...known, finding("assigned", assigned.index, "a secret that is assigned")] : known;
}

/** Bits of chance a character, by how often each occurs. */
export function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length);
  return bits;
}

/** What git keeps; where there is no git, as on a host, every file of the release. */
async function pathsOf(
  { run, project, list }: ScanContext,
): Promise<{ readonly paths: readonly string[]; readonly how: string }> {
  const { code, out } = await run(["git", "-C", project, "ls-files", "-z"]);
  if (code === 0 && out !== "") {
    return { paths: out.split("\0").filter((path) => path !== ""), how: "that git keeps" };
  }
  const paths: string[] = [];
  const waiting = [""];
  while (waiting.length > 0 && paths.length <= FILES_MAX) {
    const folder = waiting.pop() ?? "";
    for (const name of await list(`${project}/${folder}`)) {
      if (/^(?:\.git|node_modules|data|_fresh|coverage)\/$/.test(name)) continue;
      if (name.endsWith("/")) waiting.push(`${folder}${name}`);
      else paths.push(`${folder}${name}`);
    }
  }
  return { paths, how: "of the release" };
}
