import { deepStrictEqual, ok } from "node:assert/strict";
import type { Meter, Transformer } from "../../../lib/domain/site.ts";
import { counterRulesOf, type DeviceChannel, scaleGauge } from "../../../lib/profiles/counter_rules.ts";
import { channelsOf, profileOf } from "../../../lib/profiles/mod.ts";

const CT: Transformer = {
  ctPrimaryA: 200,
  ctSecondaryA: 5,
  vtPrimaryV: 1,
  vtSecondaryV: 1,
  appliedBy: "wattpost",
};

function entryOf(profileId: string, quantity: string, over: Partial<Meter> = {}): DeviceChannel {
  const profile = profileOf(profileId);
  const shape = profile && channelsOf(profile).find((it) => it.quantity === quantity);
  const spec = profile?.registers[quantity];
  ok(profile && shape && spec);
  const meter: Meter = {
    id: 1,
    endpointId: 1,
    unitId: 1,
    profileId,
    name: "Any",
    endUse: null,
    wholeSite: false,
    maxPowerW: null,
    transformer: null,
    ...over,
  };
  return { channel: { ...shape, id: 1, siteId: 1, meterId: 1, since: 0, until: null }, meter, profile, spec };
}

const CASES = [
  { name: "the profile's counting alone", over: {}, want: { numerator: 1, maxPerHour: null } },
  { name: "the breaker", over: { maxPowerW: 40_000 }, want: { numerator: 1, maxPerHour: 40_000 } },
  {
    name: "our transformers and their rating",
    over: { transformer: CT },
    want: { numerator: 40, maxPerHour: 144_000 },
  },
  {
    name: "transformers that the meter applies itself",
    over: { transformer: { ...CT, appliedBy: "meter" as const } },
    want: { numerator: 1, maxPerHour: 144_000 },
  },
];
for (const { name, over, want } of CASES) {
  Deno.test(`counterRulesOf() takes ${name}`, () => {
    const rules = counterRulesOf(entryOf("siemens-pac2200", "importWh", over), 0);
    deepStrictEqual({ numerator: rules.numerator, maxPerHour: rules.maxPerHour }, want);
  });
}

Deno.test("counterRulesOf() lets the step of a float grow with its value", () => {
  const entry = entryOf("shelly-pro3em", "importWh");
  deepStrictEqual([0, 100_000_000].map((value) => counterRulesOf(entry, value).step), [1, 8]);
});

Deno.test("scaleGauge() multiplies what flows through a transformer, and no frequency", () => {
  const scaled = (quantity: string) =>
    scaleGauge(entryOf("shelly-pro3em", quantity, { transformer: CT }), 100);
  deepStrictEqual(["powerW", "currentL1A", "voltageL1V", "frequencyHz"].map(scaled), [
    4_000,
    4_000,
    100,
    100,
  ]);
});
