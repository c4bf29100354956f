import { deepStrictEqual } from "node:assert/strict";
import { loadByUse } from "../../../../lib/web/pages/load_view.ts";
import { factsOf, halfHoursOf, meterOf } from "./facts.ts";

const METERS = [
  meterOf(1, "Main", { endUse: null, wholeSite: true }),
  meterOf(2, "Oven"),
  meterOf(3, "Sockets", { endUse: "other" }),
];

Deno.test("loadByUse() does not show a rest as known while an end use is silent", () => {
  const channels = [halfHoursOf(1, [100, 100]), halfHoursOf(2, [60, null]), halfHoursOf(3, [10, 10])];
  const { halfHours, uses, siteWh } = loadByUse(factsOf({ meters: METERS, channels }), 2);
  deepStrictEqual(halfHours.slice(-2).map(({ quality }) => quality), ["measured", "suspect"]);
  deepStrictEqual(uses.map(({ use, amountsWh }) => [use, amountsWh.slice(-2)]), [
    ["other", [40, 10]],
    ["heating", [60, null]],
  ]);
  deepStrictEqual(siteWh?.slice(-2), [100, 100]);
});

Deno.test("loadByUse() draws a half-hour without any amount as missing, with its reason", () => {
  const channels = [halfHoursOf(1, [100, null]), halfHoursOf(2, [60, null])];
  const facts = factsOf({ meters: METERS, channels });
  const { halfHours } = loadByUse({ ...facts, reasons: new Map([[facts.due, "maintenance"]]) }, 2);
  deepStrictEqual(halfHours.slice(-2).map(({ quality, reason }) => [quality, reason]), [
    ["measured", undefined],
    ["missing", "maintenance"],
  ]);
});
