/**
 * Holds what load came to against what it may: how many of a thousand may fail, and within how many milliseconds 95 of
 * a hundred answers must be there. Pure.
 *
 * @module
 */

import type { LoadKind, LoadRow, LoadTally } from "./load_tally.ts";

/** What may be. */
export interface LoadBudget {
  /** Of a hundred requests so many may fail. */
  readonly failedPercent: number;
  /** Within so many milliseconds 95 of a hundred pages, files and answers of the API must be there. */
  readonly p95Ms: number;
}

/** How something stands against the budget. */
export interface BudgetLine {
  /** What is held against it, in words. */
  readonly what: string;
  /** What it is, in words. */
  readonly is: string;
  /** What it may be, in words. */
  readonly may: string;
  readonly kept: boolean;
}

/** A line of the table of percentiles. */
export interface PercentileLine {
  readonly kind: LoadKind;
  readonly what: string;
  /** Answers as they should be. */
  readonly count: number;
  readonly failed: number;
  readonly heldBack: number;
  /** Milliseconds; `null`: none went well. */
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** In the order in which they are shown. */
const KINDS: readonly LoadKind[] = ["page", "file", "API", "stream"];

/** Kinds whose answers have to be there within the time; a stream's greeting waits for a look at the session. */
const TIMED: readonly LoadKind[] = ["page", "file", "API"];

/** The budget, line by line. */
export function budgetLines(tally: LoadTally, { failedPercent, p95Ms }: LoadBudget): readonly BudgetLine[] {
  const rows = [...tally.rows.values()];
  const failed = sum(rows.map((row) => row.failed));
  const all = sum(rows.map(({ took }) => took.count)) + failed;
  const share = all === 0 ? 0 : failed / all * 100;
  const { brokenOff } = tally.streams;
  return [
    {
      what: "Failed",
      is: `${failed} of ${all}, ${percentText(share)} %`,
      may: `at most ${percentText(failedPercent)} %`,
      kept: all > 0 && share <= failedPercent,
    },
    ...TIMED.flatMap((kind): readonly BudgetLine[] => {
      const own = percentileLines(tally).filter((line) => line.kind === kind && line.p95 !== null);
      const [slowest] = own.toSorted((one, other) => (other.p95 ?? 0) - (one.p95 ?? 0));
      if (slowest === undefined) return [];
      return [{
        what: kind === "API" ? "Slowest of the API" : `Slowest ${kind}`,
        is: `${slowest.what}, 95 % within ${msText(slowest.p95)}`,
        may: `within ${msText(p95Ms)}`,
        kept: (slowest.p95 ?? 0) <= p95Ms,
      }];
    }),
    ...(tally.streams.mostOpen === 0 ? [] : [{
      what: "Live streams",
      is: brokenOff === 0 ? "none broke off" : `${brokenOff} broke off`,
      may: "none without a good-bye",
      kept: brokenOff === 0,
    }]),
  ];
}

/** The table of percentiles, by kind and name. */
export function percentileLines(tally: LoadTally): readonly PercentileLine[] {
  const lines = [...tally.rows.values()].map(lineOf);
  return lines.toSorted((one, other) =>
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || (one.what < other.what ? -1 : 1)
  );
}

function lineOf({ kind, what, took, failed, heldBack }: LoadRow): PercentileLine {
  const at = (share: number) => took.count === 0 ? null : took.percentile(share);
  return {
    kind,
    what,
    count: took.count,
    failed,
    heldBack,
    p50: at(50),
    p75: at(75),
    p95: at(95),
    p99: at(99),
    max: took.count === 0 ? null : took.maxMs,
  };
}

/** Milliseconds for people: below 10 with a decimal, above 10 000 in seconds. */
export function msText(ms: number | null): string {
  if (ms === null) return "–";
  if (ms === 0) return "0";
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A share of a hundred for people, without needless zeros. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.001) return "below 0.001";
  return String(Number(share.toFixed(3)));
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}
