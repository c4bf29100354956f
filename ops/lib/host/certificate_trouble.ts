/**
 * What went wrong with certbot, in words for operators: from what it printed and from its log, because a rate limit
 * leaves no more than an AttributeError on the screen, and its exit code hides a hook that failed.
 *
 * @module
 */

import type { CertificateTrouble, CertificateTroubleKind } from "../../../lib/domain/host_certificate.ts";
import { type Challenge, challengesIn, judgeChallenges } from "./certificate_challenge.ts";
import { TROUBLE_TODO, troubleOf } from "./certificate_words.ts";
import { CERTIFICATE_NAME } from "./layout.ts";

/** How certbot ended. */
export interface CertbotEnd {
  /** Its exit code; 124: its deadline, 127: there is no such program. */
  readonly code: number;
  /** What it printed. */
  readonly output: string;
  /** What this run wrote to its log. */
  readonly log: string;
}

/** What was asked for, and of whom. */
export interface Asked {
  /** Directory of the authority. */
  readonly directory: string;
  /** The e-mail address. */
  readonly email: string;
  /** Addresses of this host. */
  readonly addresses: readonly string[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** What went wrong; `null`: nothing, also not in a hook. */
export function judgeCertbot(end: CertbotEnd, asked: Asked): CertificateTrouble | null {
  if (end.code === 0) return hookTrouble(end);
  return programTrouble(end) ?? challengeTrouble(end, asked) ?? authorityTrouble(end, asked) ??
    connectionTrouble(end, asked) ?? otherTrouble(end);
}

function hookTrouble({ output, log }: CertbotEnd): CertificateTrouble | null {
  const text = `${output}\n${log}`;
  const [, code] =
    /(?:Hook '(?:deploy|post)-hook'|(?:deploy|post)-hook command .*) (?:reported|returned) error code (\d+)/
      .exec(text) ?? [];
  if (code === undefined) return null;
  const [, said] = /ran with error output:\n((?: .*\n?)+)/.exec(text) ?? [];
  const words = (said ?? "").trim().split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const why = words.length > 0 ? `: ${words.slice(-3).join("; ")}` : "";
  return troubleOf("hook-failed", `The certificate was issued, but nginx was not told (code ${code})${why}`);
}

function programTrouble({ code, output, log }: CertbotEnd): CertificateTrouble | null {
  if (code === 127) return troubleOf("no-program", "certbot is not installed on this host");
  if (code === 124) return troubleOf("too-slow", "certbot did not end in time and was ended");
  if (output.includes("Another instance of Certbot is already running")) {
    return troubleOf("busy", "Another certbot is running on this host");
  }
  const [full] = /\[Errno 28\][^\n]*|No space left on device[^\n]*/.exec(`${output}\n${log}`) ?? [];
  if (full === undefined) return null;
  const [, where] = /No space left on device: '([^'\n]+)'/.exec(full) ?? [];
  return troubleOf(
    "disk-full",
    `A disk of this host is full${where ? `: "${where}" cannot be written` : ""}`,
  );
}

function challengeTrouble({ output, log }: CertbotEnd, { addresses }: Asked): CertificateTrouble | null {
  const challenges: readonly Challenge[] = challengesIn(output);
  return judgeChallenges(challenges.length > 0 ? challenges : challengesIn(log), addresses);
}

/** Answers of the authority by their type (RFC 8555, section 6.7); those that certbot tries again are none. */
const TYPES: Readonly<Record<string, CertificateTroubleKind>> = {
  rateLimited: "rate-limited",
  serverInternal: "authority-down",
  invalidContact: "bad-email",
  invalidEmail: "bad-email",
  unsupportedContact: "bad-email",
  accountDoesNotExist: "account",
  externalAccountRequired: "account",
  userActionRequired: "account",
  rejectedIdentifier: "name-refused",
  unsupportedIdentifier: "name-refused",
  caa: "forbidden-by-dns",
  dns: "wrong-dns",
  connection: "challenge-refused",
  incorrectResponse: "challenge-refused",
  tls: "challenge-refused",
  unauthorized: "challenge-refused",
};

const AGAIN = ["badNonce", "orderNotReady"];

function authorityTrouble({ output, log }: CertbotEnd, asked: Asked): CertificateTrouble | null {
  const errors = [...log.matchAll(/acme\.messages\.Error: urn:ietf:params:acme:error:(\w+) :: ([^\n]*)/g)];
  const [, type = "", said = ""] = errors.findLast(([, each = ""]) => !AGAIN.includes(each)) ?? [];
  if (type !== "") {
    return answered(TYPES[type] ?? "other", said.split(" :: ").slice(1).join(" :: ") || said, { log, asked });
  }
  const [, status] = /acme\.errors\.ClientError: <Response \[(\d{3})\]>/.exec(`${output}\n${log}`) ?? [];
  if (status === undefined) return null;
  if (status === "429") return answered("rate-limited", "too many requests", { log, asked });
  return answered("authority-down", `status ${status} in place of an answer`, { log, asked });
}

function answered(
  kind: CertificateTroubleKind,
  said: string,
  { log, asked }: { readonly log: string; readonly asked: Asked },
): CertificateTrouble {
  const { directory, email, nowMs } = asked;
  switch (kind) {
    case "rate-limited": {
      const retryAtMs = retryAt(said, nowMs) ?? retryAfter(log, nowMs);
      const until = retryAtMs === null ? "now" : `until ${instant(retryAtMs)}`;
      return { ...troubleOf(kind, `The authority refuses more tries ${until}: ${said}`), retryAtMs };
    }
    case "authority-down":
      return troubleOf(kind, `The authority at ${directory} cannot work now: ${said}`);
    case "bad-email":
      return troubleOf(kind, `The authority refuses the e-mail address "${email}": ${said}`);
    case "account": {
      const todo = /external account/i.test(said) ? TROUBLE_TODO.foreignAccount : TROUBLE_TODO.account;
      return { ...troubleOf(kind, `The authority refuses the account of this host: ${said}`), todo };
    }
    case "name-refused":
    case "forbidden-by-dns":
    case "wrong-dns":
    case "challenge-refused":
      return troubleOf(kind, `The authority says: ${said}`);
    case "authority-unreachable":
    case "busy":
    case "disk-full":
    case "hook-failed":
    case "nginx":
    case "not-served":
    case "no-program":
    case "too-slow":
    case "other":
      return troubleOf("other", `The authority says: ${said}`);
  }
}

const UNREACHABLE: readonly (readonly [RegExp, string])[] = [
  [/CERTIFICATE_VERIFY_FAILED[^)\n]*/, "its certificate is not trusted on this host"],
  [
    /Name or service not known|Temporary failure in name resolution|No address associated/,
    "its name is not found",
  ],
  [/Connection refused/, "the connection was refused"],
  [/(?:Connect|Read)Timeout|timed out/, "no answer came in time"],
  [/Network is unreachable|No route to host/, "there is no way there"],
  [/Connection reset|RemoteDisconnected|Connection aborted|EOF occurred/, "the connection broke off"],
  [/requests\.exceptions\.(\w+)|ValueError: Requesting [^\n]*/, "the connection failed"],
];

function connectionTrouble({ output, log }: CertbotEnd, { directory }: Asked): CertificateTrouble | null {
  // Only the last lines say what it ended with; a log also tells of tries that were repeated.
  const text = `${output}\n${log.slice(-4_000)}`;
  const found = UNREACHABLE.find(([pattern]) => pattern.test(text));
  if (!found) return null;
  return troubleOf("authority-unreachable", `The authority at ${directory} cannot be reached: ${found[1]}`);
}

const NOISE =
  /^(Saving debug log|Ask for help|Please see the logfile|An unexpected error occurred|- -|\d+ renew failure|All renewals failed|Processing |Requesting a certificate|Renewing an existing|Account registered|The following|\s*\/.*\((success|skipped)\))/;

function otherTrouble({ code, output }: CertbotEnd): CertificateTrouble {
  const lines = output.split("\n").map((line) => line.trim()).filter((line) =>
    line !== "" && !NOISE.test(line)
  );
  const foreign = [...output.matchAll(/\/live\/([^/\s]+)\/fullchain\.pem \(failure\)/g)].map((
    [, name = ""],
  ) => name);
  if (foreign.length > 0 && !foreign.includes(CERTIFICATE_NAME)) {
    return troubleOf("other", `Another certificate of this host cannot be renewed: ${foreign.join(", ")}`);
  }
  if (/You should register before running non-interactively/.test(output)) {
    return troubleOf("account", "This host has no account at the authority");
  }
  const said = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it said nothing";
  return troubleOf("other", `certbot ended with code ${code}: ${said}`);
}

function retryAt(said: string, nowMs: number): number | null {
  const [, date = "", time = ""] = /retry after (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(said) ?? [];
  const atMs = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(atMs) || atMs <= nowMs ? null : atMs;
}

function retryAfter(log: string, nowMs: number): number | null {
  const value = [...log.matchAll(/^retry-after: ([^\n]+)$/gim)].at(-1)?.[1]?.trim() ?? "";
  const atMs = /^\d{1,9}$/.test(value) ? nowMs + Number(value) * 1_000 : Date.parse(value);
  return Number.isNaN(atMs) || atMs <= nowMs ? null : atMs;
}

/** `2026-12-01 10:20 UTC`, rounded up to a minute: until then. */
export function instant(atMs: number): string {
  const whole = new Date(Math.ceil(atMs / 60_000) * 60_000).toISOString();
  return `${whole.slice(0, 10)} ${whole.slice(11, 16)} UTC`;
}
