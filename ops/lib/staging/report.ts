/**
 * The report of a rehearsal as one page that needs no scripts and nothing from elsewhere. Pure.
 *
 * @module
 */

import { escapeHtml as safe } from "../trial/load_drawings.ts";
import { reportInstant, reportPage, reportSign } from "../trial/report_page.ts";
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

/** What tasks said. */
const CSS = `
pre { overflow-x: auto; font: var(--size-13) / 18px var(--mono); white-space: pre; }
code { font: var(--size-13) / 18px var(--mono); overflow-wrap: anywhere; }`;

const SIGNS: Readonly<Record<StepEnd["verdict"], readonly [state: string, sign: string, words: string]>> = {
  "pass": ["good", reportSign("good"), "went well"],
  "fail": ["critical", reportSign("bad"), "did not"],
  "not-run": ["critical", reportSign("none"), "not run"],
};

/** The page. */
export function rehearsalReport({ done, beganMs, tokensCss }: RehearsalReport): string {
  const well = wentWell(done);
  const when = reportInstant(beganMs);
  const seconds = Math.round(done.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1_000);
  const word = well ? "Every step went well" : "Not every step went well";
  const main = `<div class="head">
<h1>Rehearsal of a release</h1>
<p>${state(well ? "pass" : "fail", word)}</p>
<p class="muted">${safe(when)}, ${seconds} s on staging</p>
</div>
<section><h2>Steps</h2>${table(done)}</section>
${done.map(detail).join("\n")}`;
  return reportPage({ kind: "rehearsal", title: `Rehearsal, ${when}: ${word}`, tokensCss, css: CSS, main });
}

function state(verdict: StepEnd["verdict"], words: string): string {
  const [name, sign] = SIGNS[verdict];
  return `<span class="state" data-state="${name}">${sign} ${safe(words)}</span>`;
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
