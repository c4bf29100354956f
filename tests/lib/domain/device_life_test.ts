import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Channel } from "../../../lib/domain/channel.ts";
import {
  AHEAD_S,
  BACK_S,
  channelChanges,
  counterTroubles,
  instantTrouble,
  unitFits,
} from "../../../lib/domain/device_life.ts";
import type { EndpointKind } from "../../../lib/domain/site.ts";
import { countingProfile } from "../../../lib/profiles/counting_profile.ts";
import { profileOf } from "../../../lib/profiles/mod.ts";
import type { DeviceProfile, RegisterSpec } from "../../../lib/profiles/profile.ts";

const UNITS: readonly (readonly [number, EndpointKind, boolean])[] = [
  [1, "gateway", true],
  [247, "gateway", true],
  [0, "gateway", false],
  [255, "gateway", false],
  [0, "device", true],
  [255, "router", true],
  [248, "device", false],
  [254, "gateway", false],
  [256, "device", false],
  [-1, "device", false],
  [1.5, "device", false],
];
for (const [unitId, kind, fits] of UNITS) {
  Deno.test(`unitFits() says ${fits} to unit ${unitId} of a ${kind}`, () =>
    strictEqual(unitFits(unitId, kind), fits));
}

const NOW = 1_800_000_000;
const INSTANTS = [
  { name: "now", atS: NOW, want: null },
  { name: "a week ahead", atS: NOW + AHEAD_S, want: null },
  { name: "more than a week ahead", atS: NOW + AHEAD_S + 1, want: "too-late" },
  { name: "a month ago", atS: NOW - BACK_S, want: null },
  { name: "longer ago", atS: NOW - BACK_S - 1, want: "too-early" },
] as const;
for (const { name, atS, want } of INSTANTS) {
  Deno.test(`instantTrouble() says ${want} of ${name}`, () => {
    strictEqual(instantTrouble(atS, { nowS: NOW, notBeforeS: 0, aheadS: AHEAD_S })?.kind ?? null, want);
  });
}
Deno.test("instantTrouble() names the last change where that is later than a month ago", () => {
  const window = { nowS: NOW, notBeforeS: NOW - 60, aheadS: 0 };
  deepStrictEqual(instantTrouble(NOW - 61, window), { kind: "too-early", notBeforeS: NOW - 60 });
});

const RULES = {
  numerator: 100,
  denominator: 1,
  modulus: null,
  maxPerHour: 10_000,
  step: 1,
  forgetsWithoutPower: false,
};
const COUNTERS = [
  { name: "what fits", final: 1_050, first: 0, want: [] },
  { name: "nothing that was read", final: null, first: null, want: [] },
  { name: "an old counter below the last reading", final: 999, first: 0, want: ["below-last"] },
  { name: "an old counter beyond the breaker", final: 1_123, first: 0, want: ["implausible"] },
  { name: "an old counter just within it", final: 1_122, first: 0, want: [] },
  { name: "a new counter above what was read since", final: 1_050, first: 31, want: ["above-since"] },
  { name: "both wrong", final: 1, first: 31, want: ["below-last", "above-since"] },
];
for (const { name, final, first, want } of COUNTERS) {
  Deno.test(`counterTroubles() says ${want.join(", ") || "nothing"} to ${name}`, () => {
    const read = { quantity: "importWh", final, first };
    const last = { atS: NOW - 3_600, value: 1_000 };
    const found = counterTroubles(NOW, { read, last, since: 30, rules: RULES });
    deepStrictEqual(found.map(({ kind }) => kind), want);
  });
}

const SDM = profileOf("eastron-sdm630");
if (!SDM) throw new Error("There is no SDM630");

function channelsOf({ registers }: DeviceProfile): readonly Channel[] {
  return Object.entries(registers).map(([quantity, { kind, unit, decimals = 0 }], i) => ({
    id: i + 1,
    siteId: 1,
    meterId: 1,
    quantity,
    kind,
    unit,
    decimals,
    since: 0,
    until: null,
  }));
}

function changed(next: DeviceProfile, sameDevice = true) {
  const rating = { transformer: null, maxPowerW: null };
  const { same, changed, ended, begun } = channelChanges(channelsOf(SDM as DeviceProfile), {
    before: { profile: countingProfile(SDM as DeviceProfile), rating },
    after: { profile: countingProfile(next), rating },
    sameDevice,
  });
  const names = (list: readonly { readonly quantity: string }[]) => list.map(({ quantity }) => quantity);
  return { same: same.length, changed: names(changed), ended: names(ended), begun: names(begun) };
}

function withImport(spec: Partial<RegisterSpec>): DeviceProfile {
  const { importWh, ...others } = (SDM as DeviceProfile).registers;
  return {
    ...(SDM as DeviceProfile),
    version: 9,
    registers: { ...others, importWh: { ...importWh as RegisterSpec, ...spec } },
  };
}

const ALL = Object.keys(SDM.registers).length;

Deno.test("channelChanges() leaves everything as it is where only the version differs", () => {
  deepStrictEqual(changed({ ...SDM, version: 9 }), { same: ALL, changed: [], ended: [], begun: [] });
});
for (
  const [what, spec] of [
    ["another register", { address: 900 }],
    ["another word order", { wordOrder: "little" }],
    ["another factor", { counter: { numerator: 10, denominator: 1, modulus: null } }],
    ["another modulus", { counter: { numerator: 1, denominator: 1, modulus: 1_000_000 } }],
  ] as const
) {
  Deno.test(`channelChanges() begins a new series for ${what}`, () => {
    deepStrictEqual(changed(withImport(spec)), {
      same: ALL - 1,
      changed: ["importWh"],
      ended: [],
      begun: [],
    });
  });
}
Deno.test("channelChanges() ends what the new profile lacks and begins what only it has", () => {
  const { importWh: _, ...others } = SDM.registers;
  const next = { ...SDM, registers: { ...others, exportedWh: SDM.registers["exportWh"] as RegisterSpec } };
  deepStrictEqual(changed(next), { same: ALL - 1, changed: [], ended: ["importWh"], begun: ["exportedWh"] });
});
Deno.test("channelChanges() begins every series anew where it is another device", () => {
  deepStrictEqual(changed(SDM, false).same, 0);
});
