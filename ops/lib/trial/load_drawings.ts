/**
 * Drawings of a report about load: what was answered each second, how long it took, and how the times spread. The
 * shapes stretch with the page, the words do not. Pure.
 *
 * @module
 */

import { msText } from "./load_budget.ts";
import type { LoadTally } from "./load_tally.ts";

/** Places of the drawing area, in its own units. */
const WIDE = 1_000;
const HIGH = 200;

/** One line of a drawing: a value for each stretch of time, `null` where there is none. */
interface Series {
  readonly className: string;
  readonly values: readonly (number | null)[];
  /** Whether the area below it is filled. */
  readonly filled: boolean;
}

interface Drawing {
  readonly title: string;
  readonly summary: string;
  readonly series: readonly Series[];
  /** The largest value that fits. */
  readonly top: number;
  /** A value that should not be passed; drawn where it fits. */
  readonly limit?: number;
  readonly yLabel: (value: number) => string;
  readonly xLabels: readonly string[];
  /** Words of each line, by class. */
  readonly legend: readonly (readonly [string, string])[];
  readonly table: string;
}

/** Answers a second, and what failed. */
export function rateDrawing(tally: LoadTally, tookMs: number): string {
  const seconds = tally.slotMs / 1_000;
  const slots = slotsUsed(tally, tookMs);
  const good = slots.map(({ took }) => took.count / seconds);
  const failed = slots.map((slot) => slot.failed / seconds);
  const most = Math.max(...good, ...failed, 0);
  const bad = slots.reduce((sum, slot) => sum + slot.failed, 0);
  return drawing({
    title: "Answers a second",
    summary: `Up to ${rateText(most)} a second, in stretches of ${seconds} s; ${
      bad === 0 ? "none failed" : `${bad} failed`
    }.`,
    series: [
      { className: "good", values: good, filled: true },
      { className: "bad", values: failed.map((value) => value === 0 ? null : value), filled: true },
    ],
    top: niceTop(most),
    yLabel: rateText,
    xLabels: timeLabels(slots.length * seconds),
    legend: [["good", "as they should be"], ...(bad === 0 ? [] : [["bad", "failed"] as const])],
    table: table(
      ["From", "Good", "Failed", "Held back"],
      slots.map((slot, i) => [`${i * seconds} s`, slot.took.count, slot.failed, slot.heldBack]),
    ),
  });
}

/** How long answers took: the middle one and 95 of a hundred. */
export function timesDrawing(
  tally: LoadTally,
  { tookMs, p95Ms }: { readonly tookMs: number; readonly p95Ms: number },
) {
  const slots = slotsUsed(tally, tookMs);
  const at = (share: number) => slots.map(({ took }) => took.count === 0 ? null : took.percentile(share));
  const [middle, high] = [at(50), at(95)];
  const most = Math.max(...high.map((value) => value ?? 0), 1);
  const seconds = tally.slotMs / 1_000;
  return drawing({
    title: "How long answers took",
    summary: `95 of 100 within ${msText(most)} in the slowest stretch of ${seconds} s; ${
      msText(p95Ms)
    } is the budget of each kind.`,
    limit: p95Ms,
    series: [
      { className: "soft", values: high, filled: true },
      { className: "good", values: middle, filled: true },
    ],
    top: niceTop(most),
    yLabel: msText,
    xLabels: timeLabels(slots.length * seconds),
    legend: [
      ["good", "half of them"],
      ["soft", "95 of 100"],
      ...(p95Ms <= niceTop(most) ? [["limit", "budget"] as const] : []),
    ],
    table: table(
      ["From", "50 %", "95 %"],
      slots.map((_, i) => [`${i * seconds} s`, msText(middle[i] ?? null), msText(high[i] ?? null)]),
    ),
  });
}

/** Bars of a spread: each twice as long as the one before. */
const SPREAD_MS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192];

/** How the times of all answers spread. */
export function spreadDrawing(tally: LoadTally): string {
  const counts = SPREAD_MS.map(() => 0);
  let all = 0;
  for (const { kind, took } of tally.rows.values()) {
    if (kind === "stream") continue;
    for (const { toMs, count } of took.buckets) {
      const at = SPREAD_MS.findIndex((edge) => toMs <= edge * 1.02);
      const place = at < 0 ? SPREAD_MS.length - 1 : at;
      counts[place] = (counts[place] ?? 0) + count;
      all += count;
    }
  }
  const first = Math.max(0, counts.findIndex((count) => count > 0));
  const last = counts.findLastIndex((count) => count > 0);
  const shown = counts.slice(first, last + 1);
  const edges = SPREAD_MS.slice(first, last + 1);
  const most = Math.max(...shown, 1);
  const commonest = edges[shown.indexOf(most)] ?? 0;
  return drawing({
    title: "How the times spread",
    summary: all === 0
      ? "Nothing was answered."
      : `Most took up to ${msText(commonest)}: ${
        Math.round(most / all * 100)
      } of 100. Each bar reaches twice as far as the one before.`,
    series: [{ className: "good", values: shown, filled: true }],
    top: niceTop(most),
    yLabel: (value) => String(Math.round(value)),
    xLabels: edges.length <= 5
      ? edges.map(msText)
      : [edges[0], edges[edges.length >> 1], edges.at(-1)].map((ms) => msText(ms ?? null)),
    legend: [],
    table: table(["Up to", "Answers"], edges.map((edge, i) => [msText(edge), shown[i] ?? 0])),
  });
}

function drawing({ title, summary, series, top, limit, yLabel, xLabels, legend, table }: Drawing): string {
  const marks = [top, top / 2, 0];
  const lines = marks.map((_, i) => {
    const y = HIGH * i / (marks.length - 1);
    return `<line class="grid" x1="0" x2="${WIDE}" y1="${y}" y2="${y}"/>`;
  });
  const shapes = series.map(({ className, values, filled }) => {
    const path = stepsPath(values, { top, filled });
    return `<path class="${className}" d="${path}"/>`;
  });
  return [
    '<figure class="drawing">',
    `<figcaption><h2>${escapeHtml(title)}</h2><p class="muted">${escapeHtml(summary)}</p></figcaption>`,
    '<div class="plot">',
    `<div class="y">${marks.map((mark) => `<span>${escapeHtml(yLabel(mark))}</span>`).join("")}</div>`,
    `<svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label="${
      escapeHtml(`${title}. ${summary}`)
    }">`,
    ...lines,
    ...shapes,
    limit === undefined || limit > top ? "" : limitLine(HIGH - HIGH * limit / top),
    "</svg>",
    `<div class="x">${xLabels.map((label) => `<span>${escapeHtml(label)}</span>`).join("")}</div>`,
    "</div>",
    legend.length === 0
      ? ""
      : `<p class="legend">${
        legend.map(([className, words]) => `<span><i class="${className}"></i>${escapeHtml(words)}</span>`)
          .join("")
      }</p>`,
    `<details><summary>Show table</summary>${table}</details>`,
    "</figure>",
  ].join("\n");
}

function limitLine(y: number): string {
  return `<line class="limit" x1="0" x2="${WIDE}" y1="${round(y)}" y2="${round(y)}"/>`;
}

/** Steps, as each value stands for its whole stretch; a gap where there is none. */
export function stepsPath(
  values: readonly (number | null)[],
  { top, filled }: { readonly top: number; readonly filled: boolean },
): string {
  const x = (i: number) => round(WIDE * i / Math.max(1, values.length));
  const y = (value: number) => round(HIGH - HIGH * Math.min(1, value / top));
  const runs: string[][] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const goesOn = i > 0 && values[i - 1] !== null;
    const start = filled ? `M${x(i)} ${HIGH}V${y(value)}` : `M${x(i)} ${y(value)}`;
    if (!goesOn) runs.push([start]);
    runs.at(-1)?.push(...(goesOn ? [`V${y(value)}`] : []), `H${x(i + 1)}`);
  });
  return runs.map((run) => `${run.join("")}${filled ? `V${HIGH}Z` : ""}`).join("");
}

/** The stretches that have begun. */
function slotsUsed({ slots, slotMs }: LoadTally, tookMs: number) {
  return slots.slice(0, Math.max(1, Math.min(slots.length, Math.ceil(tookMs / slotMs))));
}

/** A round number that holds the largest value. */
export function niceTop(most: number): number {
  if (most <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 4, 5, 8, 10].find((step) => step * size >= most) ?? 10) * size;
}

function timeLabels(seconds: number): readonly string[] {
  const text = (s: number) =>
    s < 120
      ? `${Math.round(s)} s`
      : `${Math.floor(s / 60)}:${String(Math.round(s % 60)).padStart(2, "0")} min`;
  return [0, seconds / 2, seconds].map(text);
}

function rateText(value: number): string {
  return value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[], tag: string) =>
    row.map((cell, i) =>
      `<${i === 0 ? 'th scope="row"' : tag}>${escapeHtml(String(cell))}</${i === 0 ? "th" : tag}>`
    ).join("");
  return `<div class="scroll" tabindex="0"><table><thead><tr>${
    head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("")
  }</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table></div>`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

/** A text that is safe between marks and in attributes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? "");
}
