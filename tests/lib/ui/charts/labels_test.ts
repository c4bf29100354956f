/**
 * Which labels fit where.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BAND_MIN_PX, BANDS, fitLabels, spreadOut } from "../../../../lib/ui/charts/labels.ts";

const LOST_PX = { n: 40, m: 40, w: 40 };

Deno.test("fitLabels() never lets two labels of a band touch", () => {
  const labels = Array.from({ length: 48 }, (_, index) => ({
    at: index / 48,
    texts: [`${index}:00`],
    rank: index % 6,
  }));
  const placed = fitLabels(labels, { align: "middle", lostPx: LOST_PX });
  for (const band of BANDS) {
    const width = BAND_MIN_PX[band] - 40;
    const spans = placed.filter((label) => label.bands.includes(band)).map((label) => {
      const px = label.text.length * 7;
      const back = { start: 0, middle: px / 2, end: px }[label.anchor];
      return { from: label.at * width - back, to: label.at * width - back + px };
    }).sort((a, b) => a.from - b.from);
    ok(spans.length >= 5, `${band}: ${spans.length}`);
    spans.slice(1).forEach((span, index) => ok(span.from > (spans[index]?.to ?? 0), band));
  }
});

Deno.test("fitLabels() says less where there is less room, and turns round at the right edge", () => {
  const reason = {
    at: 0.93,
    to: 0.97,
    texts: ["03:00–04:00 router unreachable since the storm", "unreachable"],
    rank: 0,
  };
  const placed = fitLabels([reason], { align: "start", lostPx: LOST_PX });
  deepStrictEqual(placed.map(({ text, anchor, bands }) => [text, anchor, bands]), [
    ["unreachable", "end", "n"],
    ["03:00–04:00 router unreachable since the storm", "end", "mw"],
  ]);
});

Deno.test("fitLabels() drops the less important of two that touch", () => {
  const labels = [{ at: 0.5, texts: ["18:00"], rank: 2 }, { at: 0.505, texts: ["Mon 23"], rank: 0 }];
  const placed = fitLabels(labels, { align: "middle", lostPx: LOST_PX });
  ok(placed.filter((label) => label.text === "18:00").every((label) => !label.bands.includes("n")));
  strictEqual(placed.find((label) => label.text === "Mon 23")?.bands, "nmw");
});

Deno.test("spreadOut() keeps distance, order and limits", () => {
  deepStrictEqual(spreadOut([100, 101, 99], { gap: 20, from: 0, to: 200 }), [119, 139, 99]);
  deepStrictEqual(spreadOut([195, 198], { gap: 20, from: 0, to: 200 }), [180, 200]);
});
