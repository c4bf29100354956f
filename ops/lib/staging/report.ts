/**
 * The report of a rehearsal as one page that needs no scripts and nothing from elsewhere. Pure.
 *
 * @module
 */

import { escapeHtml as safe } from "../trial/load_drawings.ts";
import { REPORT_CSS } from "../trial/load_report_css.ts";
import { type StepEnd, wentWell } from "./rehearsal.ts";

/** What the page is made with. */
export interface RehearsalReport {
  readonly done: readonly StepEnd[];
  /** When it began, epoch milliseconds. */
  readonly beganMs: number;
  /** The product's colours and sizes: `static/css/tokens.css`. */
  readonly tokensCss: string;
}

/** Characters of what a step said that are shown. */
const SAID_MAX = 6_000;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const SIGNS: Readonly<Record<StepEnd["verdict"], readonly [string, string, string]>> = {
  "pass": ["good", "M4.5 8.5l2.5 2.5 4.5-5.5", "went well"],
  "fail": ["critical", "M8 4.5v4M8 11.2v.3", "did not"],
  "not-run": ["critical", "M5 8h6", "not run"],
};

/** The page. */
export function rehearsalReport({ done, beganMs, tokensCss }: RehearsalReport): string {
  const well = wentWell(done);
  const when = `${new Date(beganMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const seconds = Math.round(done.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1_000);
  const word = well ? "Every step went well" : "Not every step went well";
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="${POLICY}">
<title>${safe(`Rehearsal, ${when}: ${word}`)} · Wattpost</title>
<style>
${tokensCss.replaceAll("</", "<\\/")}
${REPORT_CSS}
pre { overflow-x: auto; font: var(--size-13) / 18px var(--mono); white-space: pre; }
code { font: var(--size-13) / 18px var(--mono); overflow-wrap: anywhere; }
</style>
</head>
<body>
<header><svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="M1 9h3v6H1zM6.5 5h3v10h-3zM12 1h3v14h-3z"/></svg> Wattpost <span class="muted">rehearsal</span></header>
<main>
<div class="head">
<h1>Rehearsal of a release</h1>
<p>${state(well ? "pass" : "fail", word)}</p>
<p class="muted">${safe(when)}, ${seconds} s on staging</p>
</div>
<section><h2>Steps</h2>${table(done)}</section>
${done.map(detail).join("\n")}
</main>
</body>
</html>
`;
}

function state(verdict: StepEnd["verdict"], words: string): string {
  const [name, sign] = SIGNS[verdict];
  return `<span class="state" data-state="${name}"><svg viewBox="0 0 16 16" aria-hidden="true">` +
    `<circle cx="8" cy="8" r="6.5"/><path d="${sign}"/></svg> ${safe(words)}</span>`;
}

function table(done: readonly StepEnd[]): string {
  const rows = done.map(({ name, about, verdict, tookMs }) =>
    `<tr><th scope="row">${safe(name)}</th><td>${safe(about)}</td><td>${(tookMs / 1_000).toFixed(1)} s</td>` +
    `<td>${state(verdict, SIGNS[verdict][2])}</td></tr>`
  );
  return `<div class="scroll" tabindex="0"><table class="left"><thead><tr><th scope="col">Step</th><th scope="col">What it shows</th>` +
    `<th scope="col">Took</th><th scope="col">How it went</th></tr></thead><tbody>${
      rows.join("")
    }</tbody></table></div>`;
}

function detail({ name, command, said }: StepEnd): string {
  return `<section><h2>${safe(name)}</h2><p class="muted"><code>${safe(command)}</code></p>` +
    `<pre tabindex="0">${safe(said.trim().slice(-SAID_MAX))}</pre></section>`;
}
