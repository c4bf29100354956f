/**
 * TLS as a visitor meets it, by testssl.
 *
 * @module
 */

import type { Finding, Severity } from "../../../lib/domain/scan.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Check, lacking, lastWords, NO_PROGRAM, notRun, ranBut, TOO_LONG } from "./check.ts";

const DEADLINE_MS = 12 * 60_000;

/** What testssl says whatever a server does, or cannot know of one. */
const NOISE = new Set([
  "engine_problem",
  "scanProblem",
  "scanTime",
  "cipher_order",
  "cert_revocation",
  "DNS_CAArecord",
  "cert_validityPeriod",
  "cert_notAfter", // cert_expirationStatus says the same
  "HTTP_clock_skew",
  "overall_grade",
]);

const SEVERITY: Readonly<Record<string, Severity>> = {
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
  CRITICAL: "critical",
};

/** What must be offered; testssl takes no offence where it is not. */
const REQUIRED = [
  { id: "TLS1_2", what: "TLS 1.2 is not offered" },
  { id: "TLS1_3", what: "TLS 1.3 is not offered" },
] as const;

/** What testssl says last of each part that it was told to look at, or one of it. */
const PARTS: readonly { readonly part: string; readonly ids: readonly string[] }[] = [
  { part: "ciphers", ids: ["cipherlist_AVERAGE"] },
  { part: "the certificate", ids: ["cert_chain_of_trust"] },
  { part: "how long the certificate holds", ids: ["cert_expirationStatus"] },
  { part: "headers", ids: ["HSTS", "HSTS_time"] },
  { part: "known attacks", ids: ["LUCKY13"] },
];

/** What fails by itself: what it asks of is not offered, or lies elsewhere. */
const OFTEN_FAILS = /^(?:sessionresumption_|cert_crl|engine_)/;

/** Codes from which testssl did not come to its end: below, it counts what is unclear. */
const BROKEN_OFF = 50;

/** What testssl found of one thing. */
interface Line {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

/** The check. */
export const tlsCheck: Check = {
  name: "tls",
  about: "TLS, its certificate and its headers as a visitor meets them (testssl)",
  async run({ run, read, target, caFile, scratch }) {
    if (target === null) return notRun("no target: name one with --target, or describe the host");
    const { host, port, address } = target;
    const path = `${scratch}/testssl.json`;
    const { code, out, err: words } = await run([
      "testssl",
      ...["--ip", address ?? "one", "--quiet", "--color", "0", "--warnings", "off", "--jsonfile", path],
      ...(caFile === null ? [] : ["--add-ca", caFile]),
      ...["-p", "-S", "-h", "-s", "-U", `${host}:${port}`],
    ], { deadlineMs: DEADLINE_MS });
    if (code === NO_PROGRAM) return lacking("testssl", "testssl.sh");
    if (code === TOO_LONG) return notRun(`testssl did not end in ${DEADLINE_MS / 60_000} minutes`);
    const where = `${host}:${port}`;
    const text = await read(path) ?? "";
    const parsed = parseTestssl(text, where);
    if (!parsed.ok) return notRun(`testssl said nothing of ${where}: ${parsed.error}`);
    const broken = code < BROKEN_OFF ? [] : [`testssl ended with code ${code}: ${lastWords(words || out)}`];
    const missed = [...broken, ...missedByTestssl(text)];
    return ranBut(missed, { looked: `${where} from this machine`, findings: parsed.value });
  },
};

/** Reads what testssl writes; an answer in which the protocols are missing is none. */
export function parseTestssl(text: string, where: string): Result<readonly Finding[], string> {
  const lines = linesOf(text);
  if (lines === null) return err("its answer is not JSON");
  const [fatal] = lines.filter(({ severity }) => severity === "FATAL");
  if (fatal) return err(fatal.finding);
  const told = new Map(lines.map((line) => [line.id, line]));
  if (!told.has("SSLv2") || !told.has("TLS1_2")) return err("it did not get as far as the protocols");
  const finding = (id: string, severity: Severity, what: string): Finding => {
    const remedy =
      "deno task nginx check says whether nginx is as described; testssl's manual explains the id";
    return { check: "tls", id, severity, what, where, remedy };
  };
  const found = lines.flatMap(({ id, severity, finding: words }) => {
    const known = SEVERITY[severity];
    return known === undefined || NOISE.has(id) ? [] : [finding(id, known, `${id}: ${words}`)];
  });
  const missing = REQUIRED.filter(({ id }) => !(told.get(id)?.finding ?? "").startsWith("offered"));
  return ok([
    ...found.filter(({ id }) => !missing.some((one) => one.id === id)),
    ...missing.map(({ id, what }) => finding(id, "medium", what)),
  ]);
}

/** What testssl was told to look at and did not, in words: it ends its report tidily when it is killed, too. */
export function missedByTestssl(text: string): readonly string[] {
  const lines = linesOf(text) ?? [];
  const told = new Set(lines.map(({ id }) => id));
  const isOver = lines.some(({ id, severity }) => id === "scanTime" && severity !== "WARN");
  return [
    ...(isOver ? [] : ["testssl did not come to its end"]),
    ...PARTS.filter(({ ids }) => !ids.some((id) => told.has(id))).map(({ part }) =>
      `testssl says nothing of ${part}`
    ),
    ...lines.filter(({ id, severity, finding }) =>
      severity === "WARN" && /failed|inconclusive|interrupted/i.test(finding) && id !== "scanTime" &&
      !OFTEN_FAILS.test(id)
    ).map(({ id, finding }) => `${id}: ${finding}`),
  ];
}

function linesOf(text: string): readonly Line[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  return value.flatMap((one: Readonly<Record<string, unknown>> | null) => {
    const { id, severity, finding } = one ?? {};
    const isLine = typeof id === "string" && typeof severity === "string" && typeof finding === "string";
    return isLine ? [{ id, severity, finding: finding.slice(0, 300) }] : [];
  });
}
