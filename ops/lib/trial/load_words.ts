/**
 * What load came to, for a terminal and for programs. Pure.
 *
 * @module
 */

import { placeText } from "./place.ts";
import { type BudgetLine, msText, type PercentileLine, percentileLines } from "./load_budget.ts";
import type { LoadEnd, LoadPlan } from "./load_plan.ts";

/** What is done, in one sentence. */
export function planText(
  { place, publicUrl, users, programs, streams, writes, seconds, thinkMs, atMost }: LoadPlan,
): string {
  const at = place.kind === "url" && place.origin === publicUrl
    ? publicUrl
    : `${publicUrl} at ${placeText(place)}`;
  const who = [
    ...(users > 0 ? [`${users} people`] : []),
    ...(programs > 0 ? [`${programs} programs${writes ? " that write" : ""}`] : []),
    ...(streams > 0 ? [`${streams} live streams`] : []),
  ].join(", ");
  return `${who} for ${seconds} s on ${at}, thinking ${
    thinkMs / 1_000
  } s on average, at most ${atMost} requests a second`;
}

/** Where what is counted was held back by limits of the product. */
export const HELD_BACK_WORDS =
  "Held back: 429, a limit of the product's own, such as requests of one address or token; no failure and no load";

/** The table and the budget, for a terminal. */
export function loadText(end: LoadEnd, budget: readonly BudgetLine[]): string {
  const lines = percentileLines(end.tally);
  const rows = lines.map(cellsOf);
  const head = ["", "good", "failed", "held back", "50 %", "75 %", "95 %", "99 %", "longest"];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)).join("  ");
  const { streams, whys } = end.tally;
  return [
    line(head),
    ...rows.map(line),
    ...(lines.some(({ heldBack }) => heldBack > 0) ? ["", HELD_BACK_WORDS] : []),
    ...(streams.mostOpen === 0 ? [] : ["", streamsText(end)]),
    ...(whys.size === 0 ? [] : ["", "Failed:", ...[...whys].map(([why, count]) => `  ${count} × ${why}`)]),
    "",
    ...budget.map(({ what, is, may, kept }) => `${kept ? "kept   " : "MISSED "} ${what}: ${is} (${may})`),
  ].join("\n");
}

/** How streams fared, in one sentence. */
export function streamsText({ tally: { streams } }: LoadEnd): string {
  const { mostOpen, told, movedOver, brokenOff } = streams;
  return `Live streams: ${mostOpen} open at once, told ${told} times, ` +
    `${movedOver} moved over after a good-bye, ${brokenOff} broke off`;
}

function cellsOf(
  { kind, what, count, failed, heldBack, p50, p75, p95, p99, max }: PercentileLine,
): readonly string[] {
  return [
    `${kind}: ${what}`,
    String(count),
    String(failed),
    String(heldBack),
    ...[p50, p75, p95, p99, max].map(msText),
  ];
}

/** The same for programs. */
export function loadJson(end: LoadEnd, budget: readonly BudgetLine[]): string {
  const { plan, tally, beganMs, tookMs, stopped } = end;
  const { publicUrl, users, programs, streams, writes, seconds, thinkMs, atMost, seed } = plan;
  const value = {
    began: new Date(beganMs).toISOString(),
    tookMs: Math.round(tookMs),
    stopped,
    plan: { publicUrl, users, programs, streams, writes, seconds, thinkMs, atMost, seed },
    kept: budget.every(({ kept }) => kept),
    budget,
    answers: percentileLines(tally),
    streams: tally.streams,
    failures: Object.fromEntries(tally.whys),
  };
  return JSON.stringify(value, null, 2);
}
