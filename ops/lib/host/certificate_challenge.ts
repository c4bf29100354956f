/**
 * What the authority saw when it asked for the answers that certbot had laid on port 80.
 *
 * @module
 */

import type { CertificateTrouble } from "../../../lib/domain/host_certificate.ts";
import { troubleOf } from "./certificate_words.ts";

/** A name that the authority could not prove. */
export interface Challenge {
  /** The name. */
  readonly name: string;
  /** The ACME error without its prefix: `unauthorized`, `connection`, `dns`. */
  readonly type: string;
  /** What the authority says of it. */
  readonly detail: string;
}

const CHALLENGES_MAX = 100;

/** The names that could not be proved, as certbot lists them. */
export function challengesIn(output: string): readonly Challenge[] {
  const found: Challenge[] = [];
  for (
    const [, name = "", type = "", detail = ""] of output.matchAll(
      /Domain: +(\S+)\n +Type: +(\S+)\n +Detail: +([^\n]+)/g,
    )
  ) {
    if (found.length < CHALLENGES_MAX && !found.some((one) => one.name === name)) {
      found.push({ name, type, detail });
    }
  }
  return found;
}

/**
 * Judges them by the first.
 *
 * @param addresses Of this host: an authority that was sent elsewhere is told by its address.
 */
export function judgeChallenges(
  challenges: readonly Challenge[],
  addresses: readonly string[],
): CertificateTrouble | null {
  const [first, ...others] = challenges;
  if (!first) return null;
  const trouble = judgeChallenge(first, addresses);
  if (others.length === 0) return trouble;
  const names = others.slice(0, 3).map(({ name }) => name).join(", ");
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  return { ...trouble, words: `${trouble.words}; the same for ${names}${more}`.slice(0, 600) };
}

function judgeChallenge({ name, type, detail }: Challenge, addresses: readonly string[]): CertificateTrouble {
  const said = detail.trim().replace(/[.\s]+$/, "");
  if (type === "dns" || /NXDOMAIN|could not resolve|no valid A(AAA)? records|no such host/i.test(said)) {
    return troubleOf("wrong-dns", `"${name}" has no address that the authority can find: ${said}`);
  }
  if (type === "caa") return troubleOf("forbidden-by-dns", `The CAA records of "${name}" forbid it: ${said}`);
  const address = addressIn(said);
  if (address !== null && !addresses.includes(address)) {
    const own = addresses.length > 0 ? addresses.slice(0, 4).join(", ") : "none that is known";
    return troubleOf(
      "wrong-dns",
      `"${name}" leads to ${address}, which is no address of this host (${own}): ${said}`,
    );
  }
  if (type === "unauthorized" || type === "incorrectResponse") {
    return troubleOf(
      "challenge-refused",
      `The authority got another answer for "${name}" than the one laid here: ${said}`,
    );
  }
  return troubleOf("challenge-refused", `The authority got no answer on port 80 of "${name}": ${said}`);
}

/** The address to which the authority went, where it says it. */
function addressIn(detail: string): string | null {
  const [, first] = /^\[?([0-9a-f:.]+)\]?: /i.exec(detail) ?? []; // Let's Encrypt: `192.0.2.9: Fetching http://…`
  if (first !== undefined && isAddress(first)) return first;
  const [, v6, v4] = /dial tcp (?:\[([0-9a-f:.]+)\]|([0-9.]+)):\d+/i.exec(detail) ?? []; // Pebble
  const dialled = v6 ?? v4;
  return dialled !== undefined && isAddress(dialled) ? dialled : null;
}

function isAddress(text: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || (text.includes(":") && /^[0-9a-f:.]{2,45}$/i.test(text));
}
