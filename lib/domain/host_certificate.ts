/**
 * What the host tells the app of the certificate that nginx serves, as a file: until when it is valid, whether it is
 * really the one that is served, and what went wrong the last time.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isInstant, isLine, isPlain, plainOf } from "./plain.ts";

/** Why there is no (new) certificate. */
export type CertificateTroubleKind = typeof CERTIFICATE_TROUBLES[number];

/** Every {@link CertificateTroubleKind}. */
export const CERTIFICATE_TROUBLES = [
  /** Nobody answers at the authority's address, or not over TLS that is trusted here. */
  "authority-unreachable",
  /** The authority answers that it cannot work now. */
  "authority-down",
  /** The authority got another answer on port 80 than the one that was laid there. */
  "challenge-refused",
  /** A name has no address, or one that leads elsewhere. */
  "wrong-dns",
  /** A CAA record allows other authorities only. */
  "forbidden-by-dns",
  /** The authority issues nothing for such a name. */
  "name-refused",
  /** Too many were asked for; see the instant from which it may be tried again. */
  "rate-limited",
  /** Another certbot runs. */
  "busy",
  /** The authority refuses the e-mail address. */
  "bad-email",
  /** The authority does not know the account, or wants one that it made itself. */
  "account",
  /** No room on a disk. */
  "disk-full",
  /** It was issued, and what had to happen then failed. */
  "hook-failed",
  /** nginx does not take its configuration, or does not run. */
  "nginx",
  /** Another certificate is served than the one that was issued. */
  "not-served",
  /** certbot is not installed. */
  "no-program",
  /** It did not end in time. */
  "too-slow",
  /** Something else; its words are certbot's. */
  "other",
] as const;

/** What went wrong with a certificate, for operators. */
export interface CertificateTrouble {
  /** Which kind of trouble it is. */
  readonly kind: CertificateTroubleKind;
  /** What went wrong, a sentence without a full stop; at most 600 characters. */
  readonly words: string;
  /** What to do about it, a sentence without a full stop; at most 600 characters. */
  readonly todo: string;
  /** Epoch milliseconds before which the authority refuses every try; `null`: it did not say. */
  readonly retryAtMs: number | null;
}

/** The certificate of the host as the host tells it. */
export interface HostCertificate {
  /** When the host looked, epoch milliseconds. */
  readonly atMs: number;
  /** `issued`: by an authority; `trial`: by its directory for trials; `self-signed`: by the host itself. */
  readonly kind: "issued" | "trial" | "self-signed";
  /** Names that it holds; at most 100. */
  readonly names: readonly string[];
  /** Names that it lacks, of those that the host is described with; at most 100. */
  readonly lacking: readonly string[];
  /** Who issued it. */
  readonly issuer: string;
  /** Its serial number in upper-case hexadecimal digits. */
  readonly serial: string;
  /** From when it is valid, epoch milliseconds. */
  readonly notBeforeMs: number;
  /** Until when it is valid, epoch milliseconds. */
  readonly notAfterMs: number;
  /** Serial number of the one that nginx serves; `null`: nobody answered. */
  readonly servedSerial: string | null;
  /** What went wrong at the last try; `null`: nothing. */
  readonly trouble: CertificateTrouble | null;
}

/** Characters of the file at most. */
export const CERTIFICATE_FILE_MAX = 100_000;

const VERSION = 1;
const NAMES_MAX = 100;
const WORDS_MAX = 600;
const KINDS: readonly HostCertificate["kind"][] = ["issued", "trial", "self-signed"];

/** The file as the host writes it. */
export function formatHostCertificate(certificate: HostCertificate): string {
  return `${JSON.stringify({ version: VERSION, ...certificate }, null, 1)}\n`;
}

/** Reads the file; it is root's, and still nothing in it is taken as it comes. */
export function parseHostCertificate(text: string): Result<HostCertificate, string> {
  const fields = text.length > CERTIFICATE_FILE_MAX ? null : plainOf(text);
  if (!fields) return err("it is no JSON object, or too long");
  const { version, atMs, kind, names, lacking, issuer, serial, notBeforeMs, notAfterMs, servedSerial } =
    fields;
  if (version !== VERSION) return err(`its version is not ${VERSION}`);
  if (!isInstant(atMs) || !isInstant(notBeforeMs) || !isInstant(notAfterMs)) return err("an instant is none");
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) return err(`its kind is none of ${KINDS.join(", ")}`);
  if (!isNames(names) || !isNames(lacking)) return err("its names are none");
  if (!isWords(issuer)) return err("its issuer is no text");
  if (!isSerial(serial)) return err("its serial number is none");
  if (servedSerial !== null && !isSerial(servedSerial)) return err("the served serial number is none");
  const trouble = fields.trouble === null ? null : troubleOf(fields.trouble);
  if (trouble === undefined) return err("its trouble is not understood");
  return ok({
    ...{ atMs, kind: known, names, lacking, issuer, serial, notBeforeMs, notAfterMs, servedSerial },
    trouble,
  });
}

/** Whole days until a certificate ends; negative: since when it has ended. */
export function daysLeft({ notAfterMs }: Pick<HostCertificate, "notAfterMs">, nowMs: number): number {
  return Math.floor((notAfterMs - nowMs) / 86_400_000);
}

function troubleOf(value: unknown): CertificateTrouble | undefined {
  if (!isPlain(value)) return undefined;
  const { kind, words, todo, retryAtMs } = value;
  const known = CERTIFICATE_TROUBLES.find((each) => each === kind);
  if (known === undefined || !isWords(words) || !isWords(todo)) return undefined;
  if (retryAtMs !== null && !isInstant(retryAtMs)) return undefined;
  return { kind: known, words, todo, retryAtMs };
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= NAMES_MAX &&
    value.every((name) => typeof name === "string" && /^[a-z0-9*][a-z0-9.-]{0,252}$/.test(name));
}

function isWords(value: unknown): value is string {
  return isLine(value, WORDS_MAX);
}

function isSerial(value: unknown): value is string {
  return typeof value === "string" && /^[0-9A-F]{1,40}$/.test(value);
}
