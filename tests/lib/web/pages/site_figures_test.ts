import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { figureText } from "../../../../lib/ui/format.ts";
import type { SiteFigure } from "../../../../lib/ui/site_model.ts";
import { figuresOf } from "../../../../lib/web/pages/site_figures.ts";
import { DUE, type FactsChange, factsOf, halfHoursOf } from "./facts.ts";

/** Half-hours since yesterday's first: yesterday and 21 of today. */
const TODAY = 21;

const ALWAYS = [[{ fromMin: 0, toMin: 1440 }]] as const;
const WEEK_LONG = Array.from({ length: 7 }, () => ALWAYS[0]);

function figure(label: string, change: FactsChange): SiteFigure | undefined {
  return figuresOf(factsOf(change)).find((each) => each.label === label);
}

function days(count: number, amount: (day: number, index: number) => number | null) {
  const amounts: (number | null)[] = [];
  for (let day = count; day >= 1; day--) for (let i = 0; i < 48; i++) amounts.push(amount(day, i));
  for (let i = 0; i < TODAY; i++) amounts.push(amount(0, i));
  return [halfHoursOf(1, amounts)];
}

Deno.test("figuresOf() says why there is none of anything when nothing was read, and shows no 0", () => {
  for (const { label, figure, reason } of figuresOf(factsOf())) {
    strictEqual(figure, null, label);
    ok(reason !== undefined && reason.length > 5, label);
  }
});

Deno.test("figuresOf() names the half-hour of the newest value, and that it is old", () => {
  const fresh = figure("Newest half-hour", { channels: [halfHoursOf(1, [500, 1_000])] });
  deepStrictEqual(fresh, {
    label: "Newest half-hour",
    figure: { text: "2.0", unit: "kW" },
    estimated: false,
    note: "mean of 10:00–10:30",
    noteState: undefined,
  });
  const old = figure("Newest half-hour", { channels: [halfHoursOf(1, [500, null, null])] });
  deepStrictEqual([old?.note, old?.noteState], ["mean of 09:00–09:30", "stale"]);
});

const TRUST = [["m", false], ["e", false], ["r", true], ["a", true], ["s", true]] as const;
for (const [quality, estimated] of TRUST) {
  Deno.test(`figuresOf() marks a newest half-hour of quality ${quality} as ${estimated ? "about" : "known"}`, () => {
    const channels = [halfHoursOf(1, [500], { quality })];
    strictEqual(figure("Newest half-hour", { channels })?.estimated, estimated);
  });
}

Deno.test("figuresOf() compares a whole yesterday with usual days of its name", () => {
  const found = figure("Yesterday", { channels: days(30, (day) => day === 1 ? 1_500 : 1_000) });
  deepStrictEqual(found, {
    label: "Yesterday",
    figure: { text: "72.0", unit: "kWh" },
    estimated: false,
    note: found?.note,
    noteState: "warn",
  });
  match(found?.note ?? "", /50%.* on a usual Tuesday$/);
});

Deno.test("figuresOf() asks no look at a yesterday that is a little more than usual", () => {
  const found = figure("Yesterday", { channels: days(30, (day) => day === 1 ? 1_100 : 1_000) });
  match(found?.note ?? "", /10%/);
  strictEqual(found?.noteState, undefined);
});

Deno.test("figuresOf() compares with nothing when usual days are too few or have holes", () => {
  strictEqual(figure("Yesterday", { channels: days(10, () => 1_000) })?.note, "all 48 half-hours");
  const holes = days(30, (day, i) => day > 7 && i === 5 ? null : 1_000);
  strictEqual(figure("Yesterday", { channels: holes })?.note, "all 48 half-hours");
});

Deno.test("figuresOf() shows a yesterday with holes as about, with how much of it is there", () => {
  const found = figure("Yesterday", { channels: days(30, (day, i) => day === 1 && i < 10 ? null : 1_000) });
  deepStrictEqual(found, {
    label: "Yesterday",
    figure: { text: "38.0", unit: "kWh" },
    estimated: true,
    note: "38 of 48 half-hours",
    noteState: undefined,
  });
});

Deno.test("figuresOf() marks a yesterday that was partly recovered as about, though whole", () => {
  const [all] = days(2, () => 1_000);
  ok(all);
  const quality = [...all.quality].map((letter, i) => i === 60 ? "r" : letter).join("");
  const found = figure("Yesterday", { channels: [{ ...all, quality }] });
  deepStrictEqual([found?.estimated, found?.note], [true, "all 48 half-hours"]);
});

Deno.test("figuresOf() counts yesterday from when the site was registered", () => {
  const [half] = days(1, (day, i) => day === 1 && i < 24 ? null : 1_000);
  ok(half);
  const found = figure("Yesterday", {
    channels: [{ ...half, quality: half.quality.replaceAll("x", "-") }],
    plan: { since: DUE + 1 - TODAY - 24 },
  });
  deepStrictEqual([found?.figure?.text, found?.estimated, found?.note], ["24.0", false, "all 24 half-hours"]);
  const since = { since: DUE + 1 - TODAY };
  strictEqual(
    figure("Yesterday", { channels: days(0, () => 1), plan: since })?.reason,
    "not registered then",
  );
});

Deno.test("figuresOf() has no out-of-hours share where it is not known when, or always, open", () => {
  const channels = days(8, () => 1_000);
  strictEqual(figure("Out of hours, 7 d", { channels }), undefined);
  strictEqual(figure("Out of hours, 7 d", { channels, site: { hours: WEEK_LONG } }), undefined);
});

Deno.test("figuresOf() sets the out-of-hours share beside how long it is closed", () => {
  const hours = Array.from({ length: 7 }, () => [{ fromMin: 0, toMin: 720 }]);
  const found = figure("Out of hours, 7 d", {
    channels: days(8, (_, i) => i < 24 ? 3_000 : 1_000),
    site: { hours },
  });
  deepStrictEqual([found?.figure, found?.note], [{ text: "25", unit: "%" }, "closed 50% of the time"]);
});

Deno.test("figuresOf() adds up the month from its first local day, about when half-hours lack", () => {
  const whole = figure("Month so far", { channels: days(40, () => 1_000) });
  const count = 24 * 48 + TODAY;
  deepStrictEqual([whole?.figure && figureText(whole.figure), whole?.estimated], [
    `${count.toLocaleString("en-GB")} kWh`,
    false,
  ]);
  const holes = figure("Month so far", {
    channels: days(40, (day, i) => day === 3 && i === 0 ? null : 1_000),
  });
  deepStrictEqual([holes?.estimated, holes?.note], [true, "1,172 of 1,173 half-hours"]);
});

Deno.test("figuresOf() says that the month began with the registration", () => {
  const plan = { since: DUE + 1 - TODAY - 48 };
  strictEqual(
    figure("Month so far", { channels: days(1, () => 1_000), plan })?.note,
    "since it was registered",
  );
});

Deno.test("figuresOf() finds today's peak apart from earlier ones", () => {
  const channels = days(3, (day, i) => i === 16 ? (day === 0 ? 4_000 : 6_000) : 1_000);
  const found = figure("Peak today", { channels });
  deepStrictEqual([found?.figure, found?.note], [
    { text: "8.0", unit: "kW" },
    "at 08:00, 30\u00a0d: 12.0 kW",
  ]);
  const missing = days(3, (day) => day === 0 ? null : 1_000);
  strictEqual(figure("Peak today", { channels: missing })?.reason, "no energy today yet");
});
