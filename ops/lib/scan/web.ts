/**
 * The pages as somebody signed in meets them, by wapiti: forms are filled, parameters are attacked. So the session is
 * one of somebody who may change nothing, and the time is bounded.
 *
 * @module
 */

import { isPlain } from "../../../lib/domain/plain.ts";
import type { Finding, Severity } from "../../../lib/domain/scan.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import {
  type Check,
  lacking,
  lastWords,
  NO_PROGRAM,
  notRun,
  ranBut,
  type ScanContext,
  TOO_LONG,
} from "./check.ts";

/** What is tried: what could be wrong with pages like ours. */
const MODULES = "xss,sql,exec,file,crlf,redirect,csp,http_headers,cookieflags,ssrf,xxe";

/** Seconds that it may take beyond those of the scan, to write its report. */
const REPORT_S = 120;

/** Seconds that an answer may take; one that does not come is no pass. */
const ANSWER_S = 20;

/** Headers that wapiti misses and that browsers no longer heed. */
const NOISE = [/^X-XSS-Protection is not set/];

/** Severity by wapiti's level, 1 to 3. */
const LEVELS: readonly Severity[] = ["low", "medium", "high", "critical"];

/** Kinds that are worse than wapiti's level says. */
const GRAVE = /injection|execution|scripting|xxe|forgery|path traversal/i;

/** The check. */
export const webCheck: Check = {
  name: "web",
  about: "the pages as somebody signed in meets them, attacked (wapiti)",
  async run(context) {
    const { run, read, cookie, scratch, webSeconds, caFile } = context;
    const url = urlOf(context);
    if (url === null) return notRun("no target: name one with --target, or describe the host");
    if (cookie === null) return notRun("no session: name a file with its cookie with --cookie-file");
    const session = sessionOf(cookie);
    if (session === null) return notRun("the file of the cookie does not hold name=value of one cookie");
    const jar = `${scratch}/cookies.json`;
    await writeJar(context, jar, cookieJar(new URL(url).hostname, session));
    const { code, out, err: words } = await run([
      "wapiti",
      ...["-u", url, "-m", MODULES, "-c", jar, "--scope", "folder", "--verify-ssl", "1", "--no-bugreport"],
      ...["--timeout", String(ANSWER_S)],
      ...[...timesOf(webSeconds)],
      ...["--flush-session", "--store-session", `${scratch}/session`, "--store-config", `${scratch}/wapiti`],
      ...["-v", "1", "-f", "json", "-o", `${scratch}/wapiti.json`],
    ], {
      deadlineMs: (webSeconds + REPORT_S) * 1_000,
      env: caFile === null ? {} : { REQUESTS_CA_BUNDLE: caFile, SSL_CERT_FILE: caFile },
    });
    if (code === NO_PROGRAM) return lacking("wapiti");
    if (code === TOO_LONG) return notRun(`wapiti did not end ${REPORT_S} s after its time was over`);
    if (code !== 0) return notRun(`wapiti ended with code ${code}: ${lastWords(words || out)}`);
    const pages = crawledOf(out);
    if (pages < 2) return notRun(`wapiti reached no page of ${url}: ${lastWords(words)}`);
    if (!sawSignedIn(out, url)) {
      return notRun(`wapiti was not signed in at ${url}: the session of the cookie is over, sign in again`);
    }
    const parsed = parseWapiti(await read(`${scratch}/wapiti.json`) ?? "", url);
    if (!parsed.ok) return notRun(`wapiti's report is not understood: ${parsed.error}`);
    const cut = out.match(/^Max attack time was reached for module/gm)?.length ?? 0;
    const inTime = cut === 0 ? "" : `, ${cut} kinds of attack as far as the time went`;
    const looked = `${pages} pages and forms of ${url}, signed in${inTime}`;
    return ranBut(missedByWapiti(out, words), { looked, findings: parsed.value });
  },
};

function urlOf({ target, webUrl }: ScanContext): string | null {
  if (webUrl !== null || target === null) return webUrl;
  return `https://${target.host}${target.port === 443 ? "" : `:${target.port}`}/`;
}

/** A quarter of the time finds pages, the rest is shared by what is tried. */
function timesOf(seconds: number): readonly string[] {
  const each = Math.max(1, Math.floor(seconds * 3 / 4 / MODULES.split(",").length));
  return ["--max-scan-time", String(Math.ceil(seconds / 4)), "--max-attack-time", String(each)];
}

interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

/** The cookie in a file: `name=value`, nothing else. */
export function sessionOf(text: string): SessionCookie | null {
  const [, name, value] =
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,80})=([!#-+\--:<-[\]-~]{1,4096})$/.exec(text.trim()) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}

/** A jar as wapiti reads it: a domain with a dot before it, an address as it is. */
export function cookieJar(host: string, { name, value }: SessionCookie): string {
  const isAddress = /^[\d.]+$/.test(host);
  const domain = isAddress ? host : host.includes(".") ? `.${host}` : `.${host}.local`;
  const cookie = { value, version: 0, expires: null, secure: name.startsWith("__"), port: null };
  return JSON.stringify({ [domain]: { "/": { [name]: cookie } } });
}

/** Written by standard input: the cookie stands in no argument. */
async function writeJar({ run }: ScanContext, path: string, text: string): Promise<void> {
  await run(["install", "-m", "600", "/dev/stdin", path], { input: text });
}

/** How many pages and forms wapiti attacked, as it lists them. */
export function crawledOf(out: string): number {
  const listed = out.match(/^\[\+\] (?:GET|POST) /gm)?.length ?? 0;
  const counted = Number(/(\d+) (?:URLs?|pages?|resources?)/i.exec(out)?.[1] ?? 0);
  return Math.max(listed, counted);
}

/** Pages that only somebody signed in is led to. */
const SIGNED_IN_PAGES = /^(?:account|sites|profiles|admin)[/? ]/;

/** Whether wapiti was led to a page of somebody signed in. */
export function sawSignedIn(out: string, url: string): boolean {
  const begin = `[+] GET ${url}`;
  return out.split("\n").some((line) =>
    line.startsWith(begin) && SIGNED_IN_PAGES.test(line.slice(begin.length))
  );
}

/** What wapiti was told to try and did not, in words: a module that breaks ends it with success all the same. */
export function missedByWapiti(out: string, words: string): readonly string[] {
  const begun = new Set([...out.matchAll(/^\[\*\] Launching module (\S+)/gm)].map(([, name]) => name));
  const notBegun = MODULES.split(",").filter((name) => !begun.has(name));
  const [, skipped] = /^(\d+) requests were skipped due to network issues/m.exec(out) ?? [];
  return [
    ...(notBegun.length === 0 ? [] : [`wapiti did not try ${notBegun.join(", ")}`]),
    ...(/^\s*File ".*", line \d+/m.test(words + "\n" + out) ? ["a module of wapiti broke"] : []),
    ...(skipped === undefined ? [] : [`wapiti got no answer ${skipped} times`]),
  ];
}

/** Reads wapiti's report. */
export function parseWapiti(text: string, url: string): Result<readonly Finding[], string> {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  if (!isPlain(report) || !isPlain(report.vulnerabilities)) return err("it has no vulnerabilities");
  const found = new Map<string, Finding>();
  for (const [kind, list] of Object.entries(report.vulnerabilities)) {
    if (!Array.isArray(list)) return err(`${kind} is no list`);
    for (const one of list) {
      const { path, info, level, parameter } = isPlain(one) ? one : {};
      if (typeof info !== "string" || NOISE.some((noise) => noise.test(info))) continue;
      const where = `${new URL(url).origin}${typeof path === "string" ? path : "/"}`;
      const id = `${kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}${
        typeof parameter === "string" && parameter !== "" ? `:${parameter.slice(0, 40)}` : ""
      }`;
      const severity =
        LEVELS[Math.max(GRAVE.test(kind) ? 2 : 0, typeof level === "number" ? level - 1 : 1)] ?? "high";
      const remedy =
        "ask the same page again by hand; what a page does wrong is reported as docs/security.md says";
      found.set(`${id} ${where} ${info}`, {
        check: "web",
        id,
        severity,
        what: `${kind}: ${info}`,
        where,
        remedy,
      });
    }
  }
  return ok([...found.values()]);
}
