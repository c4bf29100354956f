/**
 * Which tries were made at an authority, so that a host never runs into its limits by itself: Let's Encrypt refuses
 * after 5 failures an hour and after 5 certificates for the same names a week.
 *
 * @module
 */

import type { CertificateTrouble } from "../../../lib/domain/host_certificate.ts";
import { instant } from "./certificate_trouble.ts";
import { troubleOf } from "./certificate_words.ts";
import type { Kept } from "./step.ts";

/** A try. */
export interface Try {
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Directory of the authority. */
  readonly directory: string;
  /** Whether a certificate came of it. */
  readonly issued: boolean;
  /** Until when the authority refuses every other, epoch milliseconds; `null`: it did not say. */
  readonly retryAtMs: number | null;
}

/** Failures within an hour after which it waits. */
const FAILURES_AN_HOUR = 3;

/** Certificates within a week after which it waits. */
const ISSUED_A_WEEK = 4;

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const TRIES_MAX = 200;
/** Name under which tries are kept. */
export const TRIES = "certificate tries";

/** The tries of the last week, oldest first. */
export async function readTries(kept: Kept, nowMs: number): Promise<readonly Try[]> {
  const value = await kept.get(TRIES);
  const all = Array.isArray(value) ? value.filter(isTry) : [];
  // A clock that was set back must not block for ever.
  return all.filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - WEEK_MS).slice(-TRIES_MAX);
}

/** Remembers a try. */
export async function rememberTry(kept: Kept, made: Try): Promise<void> {
  await kept.set(TRIES, [...await readTries(kept, made.atMs), made].slice(-TRIES_MAX));
}

/** Why it must not be tried now; `null`: it may. */
export function waitFor(
  tries: readonly Try[],
  { directory, nowMs }: { readonly directory: string; readonly nowMs: number },
): CertificateTrouble | null {
  const there = tries.filter((each) => each.directory === directory);
  const untilMs = Math.max(0, ...there.map(({ retryAtMs }) => retryAtMs ?? 0));
  if (untilMs > nowMs) {
    const words = `The authority said that it refuses every try until ${instant(untilMs)}`;
    return { ...troubleOf("rate-limited", words), retryAtMs: untilMs };
  }
  const failed = there.filter(({ atMs, issued }) => !issued && atMs > nowMs - HOUR_MS);
  const issued = there.filter((each) => each.issued);
  const [firstFailed] = failed.slice(-FAILURES_AN_HOUR);
  if (firstFailed && failed.length >= FAILURES_AN_HOUR) {
    const retryAtMs = firstFailed.atMs + HOUR_MS;
    const words = `${failed.length} tries failed within an hour, so none is made until ${instant(retryAtMs)}`;
    return { ...troubleOf("rate-limited", words), retryAtMs };
  }
  const [firstIssued] = issued.slice(-ISSUED_A_WEEK);
  if (!firstIssued || issued.length < ISSUED_A_WEEK) return null;
  const retryAtMs = firstIssued.atMs + WEEK_MS;
  const words = `${issued.length} certificates were issued within a week, so none is asked for until ${
    instant(retryAtMs)
  }`;
  return { ...troubleOf("rate-limited", words), retryAtMs };
}

function isTry(value: unknown): value is Try {
  if (typeof value !== "object" || value === null) return false;
  const { atMs, directory, issued, retryAtMs } = value as Partial<Record<keyof Try, unknown>>;
  return Number.isSafeInteger(atMs) && typeof directory === "string" && typeof issued === "boolean" &&
    (retryAtMs === null || Number.isSafeInteger(retryAtMs));
}
