/**
 * The report about load as one page: it needs no scripts and nothing from elsewhere, and looks as the product does, in
 * light and dark, on a phone and on paper. Pure.
 *
 * @module
 */

import { type BudgetLine, msText, type PercentileLine, percentileLines, percentText } from "./load_budget.ts";
import { escapeHtml as safe, rateDrawing, spreadDrawing, timesDrawing } from "./load_drawings.ts";
import type { LoadEnd } from "./load_plan.ts";
import { HELD_BACK_WORDS, planText, streamsText } from "./load_words.ts";
import { reportInstant, reportPage, reportSign } from "./report_page.ts";

/** What the page is made with. */
export interface ReportOptions {
  /** How it stands against the budget. */
  readonly budget: readonly BudgetLine[];
  /** Within so many milliseconds 95 of a hundred must be there. */
  readonly p95Ms: number;
  /** The product's colours and sizes: `static/css/tokens.css`. */
  readonly tokensCss: string;
}

/** The page. */
export function loadReport(end: LoadEnd, { budget, p95Ms, tokensCss }: ReportOptions): string {
  const kept = budget.every((line) => line.kept);
  const when = reportInstant(end.beganMs);
  const word = kept ? "Within budget" : "Over budget";
  const main = `<div class="head">
<h1>Load on ${safe(new URL(end.plan.publicUrl).host)}</h1>
<p class="state" data-state="${kept ? "good" : "critical"}">${icon(kept)} ${word}</p>
<p class="muted">${safe(when)}, ${safe(tookText(end))}. ${safe(planText(end.plan))}.</p>
</div>
${figures(end)}
<section><h2>Budget</h2>${budgetTable(budget)}</section>
<div class="two">
<section>${rateDrawing(end.tally, end.tookMs)}</section>
<section>${timesDrawing(end.tally, { tookMs: end.tookMs, p95Ms })}</section>
</div>
<section>${answersTable(end)}</section>
<div class="two">
<section>${spreadDrawing(end.tally)}</section>
<section>${failures(end)}</section>
</div>
<footer class="muted">Percentiles are at most 2 % above the truth. People and programs wait for an answer before they
think and ask again, so that a slow Wattpost is asked less: look at the answers a second too.</footer>`;
  return reportPage({ kind: "load", title: `Load, ${when}: ${word}`, tokensCss, main });
}

function tookText({ tookMs, stopped }: LoadEnd): string {
  return `${Math.round(tookMs / 1_000)} s${stopped ? ", ended before its time" : ""}`;
}

function icon(good: boolean): string {
  return reportSign(good ? "good" : "bad");
}

function figures(end: LoadEnd): string {
  const lines = percentileLines(end.tally).filter(({ kind }) => kind !== "stream");
  const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0);
  const good = sum(lines.map(({ count }) => count));
  const failed = sum(lines.map((line) => line.failed));
  const pages = slowestOf(lines, "page");
  const { mostOpen, brokenOff } = end.tally.streams;
  const all: readonly (readonly [string, string, string])[] = [
    ["Answers", String(good), `${(good / Math.max(1, end.tookMs / 1_000)).toFixed(1)} a second`],
    [
      "Failed",
      `${percentText(good + failed === 0 ? 0 : failed / (good + failed) * 100)} %`,
      `${failed} requests`,
    ],
    [
      "Slowest page",
      msText(pages?.p95 ?? null),
      pages ? `${pages.what}, 95 of 100 within it` : "no page was asked for",
    ],
    [
      "Live streams",
      String(mostOpen),
      brokenOff === 0 ? "open at once, none broke off" : `open at once, ${brokenOff} broke off`,
    ],
  ];
  const tile = ([name, value, words]: readonly [string, string, string]) =>
    `<div><dt>${safe(name)}</dt><dd>${safe(value)}</dd><dd class="muted">${safe(words)}</dd></div>`;
  return `<dl class="figures">${all.map(tile).join("")}</dl>`;
}

function slowestOf(lines: readonly PercentileLine[], kind: string): PercentileLine | undefined {
  return lines.filter((line) => line.kind === kind && line.p95 !== null)
    .toSorted((one, other) => (other.p95 ?? 0) - (one.p95 ?? 0))[0];
}

function budgetTable(budget: readonly BudgetLine[]): string {
  const row = ({ what, is, may, kept }: BudgetLine) =>
    `<tr><th scope="row">${safe(what)}</th><td>${safe(is)}</td><td>${safe(may)}</td>` +
    `<td><span class="state" data-state="${kept ? "good" : "critical"}">${icon(kept)} ${
      kept ? "kept" : "missed"
    }</span></td></tr>`;
  return `<div class="scroll" tabindex="0"><table class="left"><thead><tr><th scope="col">What</th><th scope="col">Is</th>` +
    `<th scope="col">May be</th><th scope="col">Verdict</th></tr></thead><tbody>${
      budget.map(row).join("")
    }</tbody></table></div>`;
}

/** A row for each thing that was asked, with a bar for 95 of a hundred beside the longest. */
function answersTable(end: LoadEnd): string {
  const lines = percentileLines(end.tally);
  const longest = Math.max(1, ...lines.map(({ p99 }) => p99 ?? 0));
  const heads = ["", "Good", "Failed", "50 %", "75 %", "95 %", "99 %", "Longest", "Held back"];
  const row = (line: PercentileLine) => {
    const { kind, what, count, failed, heldBack, p50, p75, p95, p99, max } = line;
    const share = (ms: number | null) => Math.max(0.5, (ms ?? 0) / longest * 100).toFixed(1);
    const bar = p99 === null
      ? ""
      : `<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">` +
        `<rect class="soft" width="${share(p95)}" height="6"/><rect class="good" width="${
          share(p50)
        }" height="6"/></svg>`;
    const numbers = [count, failed, ...[p50, p75, p95, p99, max].map(msText), heldBack];
    return `<tr><th scope="row">${safe(what)} <span class="muted">${safe(kind)}</span>${bar}</th>` +
      `${numbers.map((value) => `<td>${safe(String(value))}</td>`).join("")}</tr>`;
  };
  const words = lines.some(({ heldBack }) => heldBack > 0)
    ? `<p class="muted">${safe(HELD_BACK_WORDS)}.</p>`
    : "";
  return `<h2>What was asked</h2><p class="muted">Bars: half of them, and 95 of 100, from 0 to ${
    msText(longest)
  }.</p>` +
    `<div class="scroll" tabindex="0"><table class="answers"><thead><tr>${
      heads.map((head) => `<th scope="col">${head}</th>`).join("")
    }` +
    `</tr></thead><tbody>${lines.map(row).join("")}</tbody></table></div>${words}`;
}

function failures(end: LoadEnd): string {
  const { whys, streams } = end.tally;
  const list = [...whys].toSorted(([, one], [, other]) => other - one)
    .map(([why, count]) => `<tr><th scope="row">${safe(why)}</th><td>${count}</td></tr>`).join("");
  const told = streams.mostOpen === 0 ? "" : `<p>${safe(streamsText(end))}.</p>`;
  const table = whys.size === 0
    ? `<p class="state" data-state="good">${icon(true)} Nothing failed</p>`
    : `<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Why</th><th scope="col">Times</th></tr></thead><tbody>${list}</tbody></table></div>`;
  return `<h2>What failed</h2>${table}${told}`;
}
