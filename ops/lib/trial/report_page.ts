/**
 * The frame of a report as one page: it needs no scripts and nothing from elsewhere, and looks as the product does, in
 * light and dark, on a phone and on paper. Pure.
 *
 * @module
 */

import { escapeHtml as safe } from "./load_drawings.ts";
import { REPORT_CSS } from "./load_report_css.ts";

/** What stands in the frame. */
export interface ReportPage {
  /** What kind of report it is, one word: `load`. */
  readonly kind: string;
  /** How it went, behind when it was: a title of the window. */
  readonly title: string;
  /** The product's colours and sizes: `static/css/tokens.css`. */
  readonly tokensCss: string;
  /** Style besides that of all reports. */
  readonly css?: string;
  /** Everything below the bar, as HTML. */
  readonly main: string;
}

/** Nothing runs and nothing is fetched, whoever opens it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** When something began, as reports say it. */
export function reportInstant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The page. */
export function reportPage({ kind, title, tokensCss, css = "", main }: ReportPage): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="${POLICY}">
<title>${safe(title)} · Wattpost</title>
<style>
${tokensCss.replaceAll("</", "<\\/")}
${REPORT_CSS}${css}
</style>
</head>
<body>
<header><svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="M1 9h3v6H1zM6.5 5h3v10h-3zM12 1h3v14h-3z"/></svg> Wattpost <span class="muted">${
    safe(kind)
  }</span></header>
<main>
${main}
</main>
</body>
</html>
`;
}

/** Signs of a state: it has a shape and a word, never colour alone. */
const SIGNS = { good: "M4.5 8.5l2.5 2.5 4.5-5.5", bad: "M8 4.5v4M8 11.2v.3", none: "M5 8h6" } as const;

/** The sign of a state. */
export function reportSign(sign: keyof typeof SIGNS): string {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5"/><path d="${
    SIGNS[sign]
  }"/></svg>`;
}
