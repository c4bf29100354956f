import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { axisOf } from "../../../../lib/web/pages/axis.ts";
import { devicesOf } from "../../../../lib/web/pages/site_devices.ts";
import { DUE, type FactsChange, factsOf, halfHoursOf, meterOf, readingOf } from "./facts.ts";

const AXIS = axisOf("Europe/London", { from: DUE - 47, to: DUE + 1, hours: null });
const devices = (change: FactsChange) => devicesOf(factsOf(change), AXIS);
const row = (change: FactsChange) => devices(change)[0]?.row;

Deno.test("devicesOf() lists whole-site meters first and the router not at all", () => {
  const meters = [
    meterOf(1, "Router", { profileId: "router", endUse: null }),
    meterOf(2, "Oven"),
    meterOf(3, "Main", { wholeSite: true, endUse: null }),
    meterOf(4, "Fridge"),
  ];
  deepStrictEqual(devices({ meters }).map(({ row }) => row.name), ["Main", "Oven", "Fridge"]);
});

Deno.test("devicesOf() knows nothing of a device never read, and shows no 0", () => {
  const found = row({ channels: [] });
  deepStrictEqual([found?.powerW, found?.counterWh, found?.ageS, found?.stale, found?.complete24h], [
    null,
    null,
    null,
    true,
    { have: 0, expected: 0 },
  ]);
  deepStrictEqual(devices({ channels: [] })[0]?.spark, []);
});

const AGES = [[DUE, 595, false], [DUE - 1, 2_395, false], [DUE - 2, 4_195, true]] as const;
for (const [halfHour, ageS, stale] of AGES) {
  Deno.test(`devicesOf() says that a reading of ${DUE - halfHour} half-hours ago is ${stale ? "old" : "fresh"}`, () => {
    const found = row({ channels: [halfHoursOf(1, [5])], latest: new Map([[1, readingOf(1, halfHour)]]) });
    deepStrictEqual([found?.ageS, found?.stale], [ageS, stale]);
  });
}

const QUALITIES = [["m", false], ["e", false], ["r", true], ["a", true], ["s", true]] as const;
for (const [quality, estimated] of QUALITIES) {
  Deno.test(`devicesOf() shows power of quality ${quality} as ${estimated ? "about" : "known"}`, () => {
    const found = row({ channels: [halfHoursOf(1, [500], { quality })] });
    deepStrictEqual([found?.powerW, found?.estimated], [1_000, estimated]);
  });
}

Deno.test("devicesOf() judges the half-hour that it shows, not a newer one without an amount", () => {
  const recovered = row({ channels: [halfHoursOf(1, [500, null], { quality: "rx" })] });
  deepStrictEqual([recovered?.powerW, recovered?.estimated], [1_000, true]);
  const measured = row({ channels: [halfHoursOf(1, [500, null], { quality: "m-" })] });
  deepStrictEqual([measured?.powerW, measured?.estimated], [1_000, false]);
});

Deno.test("devicesOf() shows no power once two half-hours lack it, with the reason", () => {
  const reasons = [1, 2].map((index) => ({ index, readingReason: "unit-silent" as const }));
  const found = row({ channels: [halfHoursOf(1, [500, null, null], { reasons })] });
  deepStrictEqual([found?.powerW, found?.reason], [null, "router answers, unit 1 silent"]);
});

Deno.test("devicesOf() has no reason left when the newest half-hour was read", () => {
  const reasons = [{ index: 0, readingReason: "unit-silent" as const }];
  strictEqual(row({ channels: [halfHoursOf(1, [null, 500], { reasons })] })?.reason, null);
});

Deno.test("devicesOf() multiplies the counter by the ratio of its series", () => {
  const series = { id: 1, channelId: 1, sinceS: 0, numerator: 40, denominator: 3, origin: 0, modulus: null };
  const latest = new Map([[1, readingOf(1, DUE, { value: 1_000 })]]);
  const channels = [halfHoursOf(1, [5])];
  strictEqual(row({ channels, latest, plan: { series: [series] } })?.counterWh, 13_333);
  strictEqual(row({ channels, latest })?.counterWh, 1_000);
});

const STEPS = [
  { name: "a counter of 0.1 kWh that moved by two steps", amount: 200, numerator: 100, want: 200 },
  { name: "a counter of 0.1 kWh that moved by five steps", amount: 500, numerator: 100, want: null },
  { name: "a counter of 1 Wh under load", amount: 500, numerator: 1, want: null },
];
for (const { name, amount, numerator, want } of STEPS) {
  Deno.test(`devicesOf() says how far the power may be off for ${name}`, () => {
    const series = { id: 1, channelId: 1, sinceS: 0, numerator, denominator: 1, origin: 0, modulus: null };
    const latest = new Map([[1, readingOf(1, DUE, { value: 1_000 })]]);
    const found = row({ channels: [halfHoursOf(1, [amount])], latest, plan: { series: [series] } });
    strictEqual(found?.uncertaintyW, want);
  });
}

Deno.test("devicesOf() asks the profile for the step of a float counter", () => {
  const series = { id: 1, channelId: 1, sinceS: 0, numerator: 1, denominator: 1, origin: 0, modulus: null };
  const latest = new Map([[1, readingOf(1, DUE, { value: 1_050_000_000 })]]);
  const channels = [halfHoursOf(1, [250])];
  const findDevice = () => ({ label: "Meter", kind: "meter", stepOf: () => 125 });
  strictEqual(row({ channels, latest, plan: { series: [series] }, findDevice })?.uncertaintyW, 250);
});
