/**
 * What a health check says, and how all of them together are told to monitoring as health+json
 * (draft-inadarei-api-health-check-06).
 *
 * @module
 */

/** How a part is. */
export type HealthStatus = "pass" | "warn" | "fail";

/** What one check found. */
export interface Verdict {
  /** Component and measurement, e.g. `database:responseTime`. */
  readonly name: string;
  /** How it is. */
  readonly status: HealthStatus;
  /** What was measured, if there is a number or a word for it. */
  readonly observed?: number | string;
  /** Unit of what was measured. */
  readonly unit?: string;
  /** What is wrong and what to do, when it does not pass. */
  readonly output?: string;
  /** What the part itself said of it: for the log, never for whoever asks. */
  readonly detail?: string;
}

/** The worst of all verdicts; none at all passes. */
export function worstOf(verdicts: readonly Verdict[]): HealthStatus {
  if (verdicts.some(({ status }) => status === "fail")) return "fail";
  return verdicts.some(({ status }) => status === "warn") ? "warn" : "pass";
}

/** What goes around the checks. */
export interface HealthFrame {
  /** The release that answers. */
  readonly release: string;
  /** When, as an RFC 3339 instant. */
  readonly time: string;
}

/** The body of a health+json answer. */
export function healthBody(verdicts: readonly Verdict[], { release, time }: HealthFrame): string {
  const checks = Object.fromEntries(verdicts.map((verdict) => [verdict.name, [{
    status: verdict.status,
    ...(verdict.observed === undefined ? {} : { observedValue: verdict.observed }),
    ...(verdict.unit === undefined ? {} : { observedUnit: verdict.unit }),
    ...(verdict.output === undefined ? {} : { output: verdict.output }),
    time,
  }]]));
  const body = { status: worstOf(verdicts), version: "1", releaseId: release, serviceId: "wattpost", checks };
  return JSON.stringify(body);
}
