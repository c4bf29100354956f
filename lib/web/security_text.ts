/**
 * The text by which people find whom to tell of a weakness (RFC 9116), and the one that keeps search engines out.
 *
 * @module
 */
import type { Base } from "./state.ts";

/** What the text is made of. */
export interface SecurityTextOptions {
  /** A `mailto:` or `https:` URL. */
  readonly contact: string;
  /** The origin people type. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Days for which the text holds: RFC 9116 recommends less than a year. */
const HOLDS_DAYS = 180;

const DAY_MS = 86_400_000;

/** The text of `/.well-known/security.txt`; it expires at a midnight, so that it is the same all day. */
export function securityText({ contact, publicUrl, nowMs }: SecurityTextOptions): string {
  const expiresMs = (Math.floor(nowMs / DAY_MS) + HOLDS_DAYS) * DAY_MS;
  const lines = [
    `Contact: ${contact}`,
    `Expires: ${new Date(expiresMs).toISOString()}`,
    "Preferred-Languages: en",
    `Canonical: ${publicUrl}/.well-known/security.txt`,
  ];
  // A page that takes reports says what its rules are; an address of mail says nothing.
  if (contact.startsWith("https:")) lines.push(`Policy: ${contact}`);
  return `${lines.join("\n")}\n`;
}

/** Answers with the text; 404 until SECURITY_CONTACT says whom to tell. */
export function securityAnswer({ config, clock }: Pick<Base, "config" | "clock">): Response {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  const { securityContact: contact, publicUrl } = config;
  if (contact === undefined) return new Response("Not found\n", { status: 404, headers });
  return new Response(securityText({ contact, publicUrl, nowMs: clock.nowMs() }), { headers });
}

/** The text of `/robots.txt`: nothing here is for search engines. */
export const ROBOTS_TEXT = "User-agent: *\nDisallow: /\n";
