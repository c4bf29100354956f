/**
 * Pages that nginx shows by itself, because the app is away, busy or was not asked: whole in one file each, without
 * anything from elsewhere, in the look of the product; and the same for programs.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A page of nginx. */
export interface NginxPage {
  /** Name of its files, without their ending. */
  readonly name: string;
  /** Status for which it is shown first. */
  readonly status: number;
  /** Other statuses of nginx for which it is shown, unchanged. */
  readonly also: readonly number[];
  /** Its heading. */
  readonly title: string;
  /** What happened and what helps. */
  readonly words: string;
  /** Whether asking again may help. */
  readonly again: boolean;
}

/** All pages. */
export const NGINX_PAGES: readonly NginxPage[] = [
  {
    name: "refused",
    status: 400,
    also: [405, 414, 431, 497],
    title: "This request was not understood",
    words: "The address, or what the browser sent with it, is too long or not what Wattpost takes. " +
      "Go to Today and start again. If it happens again, delete this site's cookies in your browser.",
    again: false,
  },
  {
    name: "missing",
    status: 404,
    also: [403],
    title: "There is nothing here",
    words: "No page has this address. Look whether it was typed whole, or start from Today.",
    again: false,
  },
  {
    name: "large",
    status: 413,
    also: [],
    title: "This file is too large",
    words: "It is larger than Wattpost takes, and nothing of it was read. " +
      "Go back and send a smaller one, or a sheet in parts.",
    again: false,
  },
  {
    name: "limited",
    status: 429,
    also: [],
    title: "Too much at once",
    words: "More was asked from your network than one may ask in so short a time. " +
      "Nothing of it was done. Wait a moment, then try again; if you sent a form, go back and send it again.",
    again: true,
  },
  {
    name: "away",
    status: 502,
    also: [500],
    title: "Wattpost does not answer",
    words: "It is starting or something broke. What meters count meanwhile is not lost. " +
      "Try again in a moment; if you sent a form, look whether it was done before you send it again.",
    again: true,
  },
  {
    name: "maintenance",
    status: 503,
    also: [],
    title: "Wattpost is being maintained",
    words: "It will be back soon. What meters count meanwhile is not lost. Try again in a few minutes.",
    again: true,
  },
  {
    name: "late",
    status: 504,
    also: [],
    title: "This took too long",
    words: "Wattpost was asked and gave no answer in time. Try again; a shorter range of days is quicker. " +
      "If you sent a form, look whether it was done before you send it again.",
    again: true,
  },
];

const STYLE = `:root{color-scheme:light dark}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:24px 16px;` +
  `background:light-dark(#F4F6F8,#0E1318);color:light-dark(#16202A,#E8EDF2);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:440px;padding:32px;border:1px solid light-dark(#DDE3E9,#2B3640);border-radius:6px;` +
  `background:light-dark(#FFFFFF,#161D24)}
.brand{display:flex;align-items:center;gap:8px;font-weight:600}
.load{fill:light-dark(#4F82AB,#739FC0)}
.tall{fill:light-dark(#16202A,#E8EDF2)}
h1{margin:24px 0 8px;font-size:1.25rem;line-height:1.3}
p{color:light-dark(#53606E,#A3B0BC)}
a{display:inline-block;margin-top:24px;padding:8px 16px;border-radius:6px;min-height:44px;line-height:28px;` +
  `background:light-dark(#0B5CAD,#7CB8F5);color:light-dark(#FFFFFF,#0E1318);text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid light-dark(#16202A,#E8EDF2);outline-offset:2px}
@media print{a{display:none}}`;

const MARK = '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">' +
  '<path class="load" d="M1 12.5h3.2V18H1zM5.9 7.5h3.2V18H5.9zM15.7 9.5H19V18h-3.3z"/>' +
  '<path class="tall" d="M10.8 2H14v16h-3.2z"/></svg>';

/** A page for people. */
export function pageHtml({ title, words, again }: NginxPage): string {
  const link = again ? '<a href="">Try again</a>' : '<a href="/">Go to Today</a>';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Wattpost</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="brand">${MARK}Wattpost</div>
<h1>${title}</h1>
<p>${words}</p>
${link}
</main>
</body>
</html>
`;
}

/** A page for programs (RFC 9457), as the API's own problems are; the status stands before it, one page has several. */
export function pageJson({ title, words }: NginxPage): string {
  return `${JSON.stringify({ type: "about:blank", title, detail: words })}\n`;
}

/** What a page of nginx may load: its own style and nothing else. */
export function pagePolicy(): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
