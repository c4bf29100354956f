/**
 * What an answer holds and lacks. Pure.
 *
 * @module
 */

import type { Answer } from "./client.ts";

/** Sites that a person picks from. */
const SITES_MAX = 200;

/** What an answer was in words: its status and, where it is short, what it said. */
export function answerText({ status, text }: Pick<Answer, "status" | "text">): string {
  const said = text.trim().split("\n", 4).join("; ");
  return said === "" || said.startsWith("<") ? String(status) : `${status}, "${said.slice(0, 160)}"`;
}

/** Files of ours that a page asks for: styles, scripts and what scripts load besides. */
export function assetsIn(html: string): readonly string[] {
  const found = html.matchAll(
    /(?:href|src)="(\/[^"?#]+\.(?:css|js|svg|png|ico|webmanifest|woff2)(?:\?[^"]*)?)"/g,
  );
  return [...found].flatMap(([, path]) => path === undefined ? [] : [path.replaceAll("&amp;", "&")]);
}

/** What an answer lacks, in words. */
export function headerFaults(
  { headers }: Pick<Answer, "headers">,
  { secure }: { readonly secure: boolean },
): readonly string[] {
  const value = (name: string) => headers.get(name) ?? "";
  const rules: readonly (readonly [boolean, string])[] = [
    [
      /(^|; ?)default-src 'none'/.test(value("content-security-policy")),
      "no content policy that begins with nothing",
    ],
    [!/unsafe-(inline|eval)/.test(value("content-security-policy")), "the content policy lets anything run"],
    [/frame-ancestors 'none'/.test(value("content-security-policy")), "others may frame it"],
    [value("x-content-type-options") === "nosniff", "no x-content-type-options"],
    [value("x-frame-options") === "DENY", "no x-frame-options"],
    [["same-origin", "strict-origin"].includes(value("referrer-policy")), "no referrer-policy"],
    [value("cross-origin-opener-policy") === "same-origin", "no cross-origin-opener-policy"],
    [!headers.has("access-control-allow-origin"), "other sites may read it"],
    [!headers.has("x-powered-by") && !/\d/.test(value("server")), "it tells what it is made of"],
    [!secure || /max-age=\d{8}/.test(value("strict-transport-security")), "no strict-transport-security"],
    [/^[\w-]{8,}$/.test(value("x-request-id")), "no x-request-id"],
  ];
  return rules.flatMap(([holds, words]) => holds ? [] : [words]);
}

/** Paths that a script loads, also later: relative to its own. */
export function importsIn(script: string, path: string): readonly string[] {
  const found = script.matchAll(/(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[\w./-]{1,200}\.js)["'`]/g);
  return [...found].flatMap(([, to]) =>
    to === undefined ? [] : [new URL(to, `http://files${path}`).pathname]
  );
}

/** Whether a file is of the type that its name says. */
export function fitsType(path: string, type: string): boolean {
  const [name = ""] = path.split("?", 1);
  if (name.endsWith(".js")) return /javascript/.test(type);
  if (name.endsWith(".css")) return type.startsWith("text/css");
  return type !== "" && !type.startsWith("text/html");
}

/** Paths of sites that a list leads to. */
export function sitesIn(html: string): readonly string[] {
  const found = [...html.matchAll(/href="(\/sites\/\d{1,10})"/g)].flatMap(([, path]) =>
    path === undefined ? [] : [path]
  );
  return [...new Set(found)].slice(0, SITES_MAX);
}

/** A JSON object; `null`: it is none. */
export function jsonOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}

/** The fields of an object; none where it is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
