import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PROFILES } from "../../../lib/profiles/mod.ts";
import type { DeviceKind } from "../../../lib/profiles/profile.ts";
import { searchProfiles } from "../../../lib/profiles/search.ts";

interface Case {
  readonly text: string;
  readonly kind?: DeviceKind;
  readonly finds: readonly string[];
}

const SIEMENS = ["siemens-pac2200", "siemens-pac3200"];
const TELTONIKA = ["teltonika-rut9xx", "teltonika-rutx"];

const CASES: readonly Case[] = [
  { text: "eastron-sdm630", finds: ["eastron-sdm630"] },
  { text: "EASTRON SDM630", finds: ["eastron-sdm630"] },
  { text: "sdm630 eastron", finds: ["eastron-sdm630"] },
  { text: "  sdm   630 ", finds: ["eastron-sdm630"] },
  { text: "SDM-630", finds: ["eastron-sdm630"] },
  { text: "sdm630mct", finds: ["eastron-sdm630"] },
  { text: "Éastrón ŚDM230", finds: ["eastron-sdm230"] },
  { text: "E\u0301astron sdm120", finds: ["eastron-sdm120"] },
  { text: "siemens", finds: SIEMENS },
  { text: "pac", finds: SIEMENS },
  { text: "7km2111", finds: ["siemens-pac3200"] },
  { text: "EM24 ethernet", finds: ["carlo-gavazzi-em24-e1"] },
  { text: "879-3020", finds: ["wago-879-30xx"] },
  { text: "8793020", finds: ["wago-879-30xx"] },
  { text: "countis", finds: ["socomec-countis-e"] },
  { text: "satellites", finds: TELTONIKA },
  { text: "setpointC haier", finds: ["haier-ycj-a002"] },
  { text: "outdoor", finds: ["intesis-inmbspan"] },
  { text: "moxa pulses6", finds: ["moxa-iologik-e1214"] },
  { text: "B23", finds: ["abb-b23", "janitza-umg96"] },
  { text: "b23 janitza", finds: ["janitza-umg96"] },
  { text: "", kind: "router", finds: TELTONIKA },
  { text: "frequency", kind: "ups", finds: ["apc-smart-ups", "apc-nmc2"] },
  { text: "eastron", kind: "ups", finds: [] },
  { text: "schneider nobody", finds: [] },
  { text: "%", finds: [] },
  { text: "sdm630 ---", finds: [] },
  { text: "\u0000", finds: [] },
];

for (const { text, kind, finds } of CASES) {
  Deno.test(`searchProfiles() finds ${finds.length} for ${JSON.stringify(text)}${kind ? ` of ${kind}` : ""}`, () => {
    deepStrictEqual(searchProfiles(text, { kind }).map(({ id }) => id), finds);
  });
}

Deno.test("searchProfiles() finds all of them for no words, and every one by its id, vendor and models", () => {
  deepStrictEqual(searchProfiles("  "), PROFILES);
  for (const profile of PROFILES) {
    for (const text of [profile.id, `${profile.models[0]} ${profile.vendor}`]) {
      ok(searchProfiles(text).includes(profile), text);
    }
  }
});

Deno.test("searchProfiles() reads 80 characters and no more", () => {
  strictEqual(searchProfiles(`sdm630${" ".repeat(74)}nobody`).length, 1);
  strictEqual(searchProfiles("x".repeat(100_000)).length, 0);
});
