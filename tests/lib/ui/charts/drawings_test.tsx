/**
 * Charts as a page gets them: whole figures without scripts or inline styles, small enough, with reasons in them.
 *
 * @module
 */

import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { CompletenessChart } from "../../../../lib/ui/charts/CompletenessChart.tsx";
import { HalfHourStrip, MiniStrip } from "../../../../lib/ui/charts/HalfHourStrip.tsx";
import { HeatMap } from "../../../../lib/ui/charts/HeatMap.tsx";
import { LoadStack } from "../../../../lib/ui/charts/LoadStack.tsx";
import { MapDot, placeText } from "../../../../lib/ui/charts/MapDot.tsx";
import { ShareBar } from "../../../../lib/ui/charts/ShareBar.tsx";
import { SignalChart, signalRange } from "../../../../lib/ui/charts/SignalChart.tsx";
import { SparkLine } from "../../../../lib/ui/charts/SparkLine.tsx";
import type { HalfHourCell } from "../../../../lib/ui/charts/types.ts";
import { sampleHeat, sampleLoad, sampleStrip } from "./sample.ts";

const YEAR_LIMIT_BYTES = 24_576;

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

const DAYS = [{ from: 0, label: "Mon 23", long: "Mon 23 Nov" }];
const SIGNAL = [{ label: "00:00", dbm: -93 }, { label: "00:30", dbm: null, reason: "router unreachable" }];
const LOST = [{ label: "00:00", missing: 2, recovered: 0 }, { label: "00:30", missing: 0, recovered: 9 }];
const FIGURES = [
  { name: "HalfHourStrip", html: render(<HalfHourStrip id="a" strip={sampleStrip()} csvHref="/a.csv" />) },
  {
    name: "LoadStack",
    html: render(<LoadStack id="b" load={sampleLoad(7)} csvHref="/b.csv" phoneFrom={240} />),
  },
  { name: "HeatMap", html: render(<HeatMap id="c" days={sampleHeat(84)} csvHref="/c.csv" />) },
  {
    name: "CompletenessChart",
    html: render(<CompletenessChart id="d" cells={LOST} days={DAYS} sites={412} csvHref="/d.csv" />),
  },
];
for (const { name, html } of FIGURES) {
  Deno.test(`${name} is a figure with title, sentence, legend, table and CSV, and no inline style`, () => {
    match(
      html,
      /^<figure class="chart" aria-labelledby="[a-d]-title"><figcaption><h2 id="[a-d]-title">.+<p>.+\.<\/p>/,
    );
    match(html, /<ul class="legend">/);
    match(html, /<details class="chart-table"><summary[^>]*>.*<table/);
    match(html, /<a class="chart-tool chart-csv" href="\/[a-d].csv" download/);
    doesNotMatch(html, / style=|#[0-9A-Fa-f]{6}\b|NaN|Infinity|undefined/);
    const ids = [...html.matchAll(/ id="(.*?)"/g)].map(([, id]) => id);
    strictEqual(new Set(ids).size, ids.length, "every id once");
  });
}

Deno.test("HalfHourStrip names the reason of a gap above it and on it", () => {
  const html = render(<HalfHourStrip id="a" strip={sampleStrip()} />);
  match(html, /<rect class="hatch"[^>]*><title>03:00–04:00 router unreachable<\/title>/);
  match(html, /<text[^>]*class="say"[^>]*>03:00–04:00 router unreachable<\/text>/);
  match(html, /<td class="number">—<\/td><td class="number">—<\/td><td class="number">router unreachable/);
});

Deno.test("HalfHourStrip without any amount still draws an axis and says so", () => {
  const cells: HalfHourCell[] = [{ label: "00:00", amountWh: null, quality: "missing", reason: "refused" }];
  const html = render(<HalfHourStrip id="a" strip={{ cells, days: DAYS }} />);
  match(html, /No half-hour has an amount: 0 measured, 1 missing/);
  match(html, /<path class="load" d><\/path>/);
});

Deno.test("MiniStrip says that it is scaled to its own peak, and draws a missing half-hour as hatch alone", () => {
  const cells: HalfHourCell[] = [
    { label: "00:00", amountWh: 0, quality: "missing" },
    { label: "00:30", amountWh: 1000, quality: "measured" },
  ];
  const html = render(<MiniStrip name="Kestrel House" strip={{ cells, days: DAYS }} />);
  match(
    html,
    /aria-label="Kestrel House: 1 measured, 1 missing, scaled to its peak of 2\.0 kW on Mon 23 at 00:30"/,
  );
  match(html, /<path class="load" d="M5 21v-21h4v21z"/);
  match(html, /<path class="hatch" d="M0 0h4v21h-4z"/);
});

Deno.test("SparkLine breaks at gaps, and is a dash when there is nothing", () => {
  const cells = sampleStrip().cells;
  strictEqual(render(<SparkLine name="Main" cells={cells} />).match(/M\d+ /g)?.length, 2);
  const none: HalfHourCell[] = [{
    label: "00:00",
    amountWh: null,
    quality: "missing",
    reason: "unit silent",
  }];
  strictEqual(
    render(<SparkLine name="Main" cells={none} />),
    '<span class="muted" title="unit silent">—</span>',
  );
});

Deno.test("HeatMap of a year of half-hours stays below 24 kB compressed, table included", async () => {
  const html = render(<HeatMap id="year" days={sampleHeat(365)} />);
  const bytes = await gzipped(html);
  ok(bytes <= YEAR_LIMIT_BYTES, `${bytes} bytes`);
  match(html, /clocks back, 50 half-hours/);
  match(html, /clocks forward, 46 half-hours/);
});

Deno.test("LoadStack hatches a half-hour that lacks an end use instead of calling it less", () => {
  const load = sampleLoad(1);
  const uses = load.uses.map((use) =>
    use.use === "lighting"
      ? { ...use, amountsWh: use.amountsWh.map((each, index) => index === 2 ? null : each) }
      : use
  );
  const html = render(<LoadStack id="b" load={{ ...load, uses }} />);
  match(html, /<mask id="b-part">/);
  match(html, /missing or incomplete/);
  doesNotMatch(render(<LoadStack id="b" load={load} />), /<mask id="b-part">/);
});

Deno.test("SignalChart holds every value and the threshold, and hatches what was not read", () => {
  strictEqual(JSON.stringify(signalRange(SIGNAL, -110)), '{"low":-120,"high":-80}');
  strictEqual(JSON.stringify(signalRange([{ label: "00:00", dbm: -131 }], -110)), '{"low":-140,"high":-100}');
  const html = render(<SignalChart cells={SIGNAL} days={DAYS} weakDbm={-110} />);
  match(html, /<title>Not read 00:30–01:00, router unreachable<\/title>/);
  match(html, /weak below −110/);
});

Deno.test("MapDot says how far the router is from where it was registered", () => {
  const place = { latitude: 53.79212, longitude: -1.54093 };
  strictEqual(
    placeText({ place, accuracyM: 18, registered: place }),
    "Fix at 53.79212, −1.54093, within 18 m, where it was registered",
  );
  match(
    placeText({ place, accuracyM: null, registered: { latitude: 54, longitude: -1.5 } }),
    /, 23 km from where it was registered$/,
  );
  doesNotMatch(render(<MapDot place={place} accuracyM={18} />), / style=|NaN|registered/);
});

Deno.test("ShareBar is full at most", () => {
  match(render(<ShareBar share={1.3} state="warn" />), /<path class="warn-fill" d="M0 0h100v8H0z"/);
});
