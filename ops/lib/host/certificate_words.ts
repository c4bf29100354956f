/**
 * What to do about each kind of trouble with a certificate.
 *
 * @module
 */

import type { CertificateTrouble, CertificateTroubleKind } from "../../../lib/domain/host_certificate.ts";

/** Characters of what is said at most. */
const WORDS_MAX = 600;

/** What to do, by kind, and where it depends on more. */
export const TROUBLE_TODO: Readonly<Record<CertificateTroubleKind | "foreignAccount", string>> = {
  "authority-unreachable":
    "Look whether this host reaches it on port 443 (firewall, DNS); it is tried again by itself twice a day",
  "authority-down": "Wait: it is tried again by itself twice a day; the authority's status page says more",
  "challenge-refused":
    "Open port 80 to the whole Internet as far as this host, and look that nginx runs and nothing else answers there",
  "wrong-dns":
    "Correct the A and AAAA records of the name, wait until they are known, then: deno task certificates issue",
  "forbidden-by-dns": "Allow this authority in the CAA records of the name, or take them away",
  "name-refused": "Describe another domain in ops/host.json, or another authority",
  "rate-limited": "Wait until then; trials have limits of their own: deno task certificates issue --dry-run",
  busy: "Wait until it has ended: it may be the timer's",
  "bad-email": "Correct certificates.email in ops/host.json, then: deno task host apply",
  account:
    "Move the authority's folder in /etc/letsencrypt/accounts aside, then: deno task certificates issue makes a new one",
  foreignAccount:
    "Register once with what the authority gave you (certbot register --eab-kid … --eab-hmac-key …), then issue again",
  "disk-full": "Make room (df -h, df -i), then: deno task certificates renew",
  "hook-failed": "Run nginx -t, put right what it names, then: deno task certificates prove",
  nginx: "Run nginx -t, put right what it names, then: deno task certificates prove",
  "not-served":
    "Look whether something else listens on port 443, restart nginx, then: deno task certificates prove",
  "no-program": "deno task host apply installs it",
  "too-slow": "Look whether this host reaches the authority, then: deno task certificates renew",
  other: "The last lines of /var/log/letsencrypt/letsencrypt.log say more",
};

/** Trouble of a kind with what is usually done about it. */
export function troubleOf(kind: CertificateTroubleKind, words: string): CertificateTrouble {
  return { kind, words: clean(words), todo: TROUBLE_TODO[kind], retryAtMs: null };
}

/** One line without control characters and without the long secrets of a challenge. */
function clean(words: string): string {
  const line = words
    .replaceAll(/\/\.well-known\/acme-challenge\/[\w-]{20,}/g, "/.well-known/acme-challenge/…")
    .replaceAll(/\p{C}+/gu, " ").replaceAll(/ {2,}/g, " ").trim();
  return line.length > WORDS_MAX ? `${line.slice(0, WORDS_MAX - 1)}…` : line;
}
