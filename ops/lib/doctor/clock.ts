/**
 * Whether a clock is right, from what programs of the host say of it.
 *
 * @module
 */

import type { Outcome } from "../trial/verdict.ts";

/** What is known of the clock. */
export interface TimeKeeper {
  /** Milliseconds that it is off, as chrony says; `null`: there is none, or it follows nobody. */
  readonly offsetMs: number | null;
  /** Whether the system calls it synchronized; `null`: it does not say. */
  readonly synchronized: boolean | null;
}

/** Milliseconds off at which counters are read a visible moment too early or late, and at which half-hours are wrong. */
const WARN_MS = 500;
const FAIL_MS = 5_000;

/** Reads `chronyc -c tracking`; `null`: it follows no server, or is not understood. */
export function offsetOf(line: string): number | null {
  // Reference id, its name, stratum, reference time, offset in seconds, …, leap status.
  const fields = line.trim().split(",");
  const offset = Number(fields[4]);
  const leap = fields.at(-1);
  if (fields.length < 14 || !Number.isFinite(offset) || leap === "Not synchronised") return null;
  return offset * 1_000;
}

/** Judges it. */
export function timeOutcome({ offsetMs, synchronized }: TimeKeeper): Outcome {
  const remedy =
    "Let it follow a time server: timedatectl status, and let UDP port 123 out; docs/troubles/clock.md";
  if (offsetMs !== null) {
    const evidence = `chrony follows a server, ${Math.abs(offsetMs).toFixed(1)} ms off`;
    if (Math.abs(offsetMs) < WARN_MS) return { verdict: "pass", evidence };
    return { verdict: Math.abs(offsetMs) < FAIL_MS ? "warn" : "fail", evidence, remedy };
  }
  if (synchronized === true) return { verdict: "pass", evidence: "The system calls it synchronized" };
  if (synchronized === false) {
    return { verdict: "fail", evidence: "It follows no time server: half-hours are cut by it", remedy };
  }
  return {
    verdict: "not-run",
    evidence: "Nobody says whether it is right: neither chronyc nor timedatectl answers here",
    remedy: "Run it on the host; in a container the clock is the host's",
  };
}
