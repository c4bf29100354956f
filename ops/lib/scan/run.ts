/**
 * Runs checks one after another and puts what they found together.
 *
 * @module
 */

import {
  type Acceptance,
  type CheckRun,
  type Finding,
  judgeFindings,
  type ScanReport,
  unusedAcceptances,
} from "../../../lib/domain/scan.ts";
import type { Check, Outcome, ScanContext } from "./check.ts";

/** What running works with. */
export interface ScanTools {
  /** What is looked at. */
  readonly context: ScanContext;
  /** What is accepted. */
  readonly acceptances: readonly Acceptance[];
  /** Milliseconds since some moment. */
  readonly monotonicMs: () => number;
  /** Told before a check begins. */
  readonly onCheck: (check: Check) => void;
}

/** What a scan found, and what was accepted without need. */
export interface Scanned {
  readonly report: ScanReport;
  readonly unused: readonly Acceptance[];
}

/** Exit codes: all looked and nothing is open; something is; wrong arguments; not all could look. */
export const SCAN_EXITS = { clean: 0, found: 1, wrong: 2, unknown: 3 } as const;

/** Runs checks. One that breaks says so and keeps none of the others from looking. */
export async function runChecks(checks: readonly Check[], tools: ScanTools): Promise<Scanned> {
  const { context, acceptances, monotonicMs, onCheck } = tools;
  const runs: CheckRun[] = [];
  const findings: Finding[] = [];
  for (const check of checks) {
    onCheck(check);
    const startMs = monotonicMs();
    const outcome = await check.run(context).catch((error: unknown): Outcome => ({
      kind: "not-run",
      why: `it broke: ${error instanceof Error ? error.message : String(error)}`,
    }));
    const tookMs = Math.round(monotonicMs() - startMs);
    if (outcome.kind !== "not-run") findings.push(...outcome.findings);
    runs.push({
      name: check.name,
      notRun: outcome.kind === "ran" ? null : outcome.why,
      looked: outcome.kind === "not-run" ? check.about : outcome.looked,
      tookMs,
    });
  }
  const judged = judgeFindings(findings, { acceptances, nowMs: context.nowMs });
  const ran = runs.filter(({ notRun }) => notRun === null).map(({ name }) => name);
  return {
    report: { atMs: context.nowMs, checks: runs, ...judged },
    unused: unusedAcceptances(acceptances, { findings, ran }),
  };
}

/** How a scan ends: what did not look is never a pass. */
export function exitOf({ open, expired, checks }: ScanReport): number {
  if (open.length + expired.length > 0) return SCAN_EXITS.found;
  return checks.some(({ notRun }) => notRun !== null) ? SCAN_EXITS.unknown : SCAN_EXITS.clean;
}

/** What a scan found, for a terminal. */
export function scanText({ report, unused }: Scanned): string {
  const { checks, open, expired, accepted } = report;
  const line = ({ check, id, severity, what, where, remedy }: Finding) =>
    `  ${severity.padEnd(8)} ${check} ${id} at ${where}\n           ${what}\n           ${remedy}`;
  const part = (head: string, lines: readonly string[]) => lines.length === 0 ? [] : ["", head, ...lines];
  const notRun = checks.filter((check) => check.notRun !== null);
  const ran = checks.length - notRun.length;
  return [
    ...checks.map((check) =>
      check.notRun === null
        ? `ran      ${check.name}: ${check.looked}, ${Math.ceil(check.tookMs / 1_000)} s`
        : `NOT RUN  ${check.name}: ${check.notRun}`
    ),
    ...part(`Open, ${open.length}:`, open.map(line)),
    ...part(
      `Accepted until a day that has passed, ${expired.length}:`,
      expired.map(({ finding, reason, until }) => `${line(finding)}\n           until ${until}: ${reason}`),
    ),
    ...part(
      `Accepted, ${accepted.length}:`,
      accepted.map(({ finding, reason, until }) =>
        `  ${finding.check} ${finding.id} at ${finding.where} until ${until}: ${reason}`
      ),
    ),
    ...part(
      "Accepted without need, to be taken out of the list:",
      unused.map(({ check, id, where }) => `  ${check} ${id}${where === undefined ? "" : ` at ${where}`}`),
    ),
    "",
    `${ran} of ${checks.length} checks ran, ${open.length + expired.length} findings count, ` +
    `${accepted.length} are accepted${notRun.length > 0 ? "; what did not run is no pass" : ""}`,
  ].join("\n");
}
