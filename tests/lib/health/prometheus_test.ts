import { strictEqual } from "node:assert/strict";
import { histogramSamples, renderMetrics } from "../../../lib/health/prometheus.ts";

Deno.test("renderMetrics() escapes what a site is called", () => {
  const text = renderMetrics([{
    name: "wattpost_sites",
    help: "Sites\nby \\ name",
    type: "gauge",
    samples: [{ labels: { name: 'a"b\\c\nd' }, value: 1 }, { value: Infinity }],
  }]);
  strictEqual(
    text,
    '# HELP wattpost_sites Sites\\nby \\\\ name\n# TYPE wattpost_sites gauge\nwattpost_sites{name="a\\"b\\\\c\\nd"} 1\nwattpost_sites +Inf\n',
  );
});

Deno.test("histogramSamples() counts up and ends with everything", () => {
  const samples = histogramSamples({ bounds: [1, 5], counts: [2, 3, 4], sum: 60.5 });
  strictEqual(samples.map(({ value }) => value).join(), "2,5,9,60.5,9");
  strictEqual(samples[2]?.labels?.le, "+Inf");
});
