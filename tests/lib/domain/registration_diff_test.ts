import { deepStrictEqual } from "node:assert/strict";
import type { SiteState } from "../../../lib/domain/registration.ts";
import { differencesOf, type DiffWords, traceOfChange } from "../../../lib/domain/registration_diff.ts";
import { changedSite as changed, KILN } from "./kiln.ts";

const WORDS: DiffWords = {
  group: (id) => `Group ${id}`,
  model: (profileId) => profileId === "sdm" ? "Eastron SDM630" : profileId,
  endUse: (use) => use,
};

const linesOf = (after: SiteState) =>
  differencesOf(KILN, after, WORDS).map(({ step, deviceId, what, before, after: then }) =>
    [`${step}${deviceId === null ? "" : ` ${deviceId}`}`, what, before, then] as const
  );

interface Case {
  readonly name: string;
  readonly after: SiteState;
  readonly want: readonly (readonly [string, string, string | null, string | null])[];
}

const [incomer, ovens] = KILN.devices;
if (!incomer || !ovens) throw new Error("two devices are needed");
const [gateway, own] = KILN.router.endpoints;
if (!gateway || !own) throw new Error("two ports are needed");

const CASES: readonly Case[] = [
  { name: "nothing", after: KILN, want: [] },
  {
    name: "a name and a town that is left out",
    after: changed({ site: { name: "Kiln Lane 2", town: "" } }),
    want: [["site", "Name", "Kiln Lane", "Kiln Lane 2"], ["site", "Town", "Epsom", null]],
  },
  {
    name: "another group, and none",
    after: changed({ site: { groupId: null } }),
    want: [["site", "Group", "Group 3", null]],
  },
  {
    name: "a position that was not given",
    after: changed({ site: { latitude: 51.3, longitude: -0.2 } }),
    want: [["site", "Position", null, "51.3, -0.2"]],
  },
  {
    name: "somebody else to call",
    after: changed({ site: { contacts: [{ name: "Jo", phone: "1", email: "" }] } }),
    want: [["site", "Contacts", null, "Jo, 1"]],
  },
  {
    name: "half-hours that are not collected any more",
    after: changed({ site: { collected: false } }),
    want: [["site", "Half-hours", "collected", "not collected"]],
  },
  {
    name: "another address, and one more",
    after: changed({
      router: { paths: [{ kind: "cellular", host: "203.0.113.9" }, { kind: "wifi", host: "10.0.0.9" }] },
    }),
    want: [
      ["router", "Main path", "203.0.113.7, cellular", "203.0.113.9, cellular"],
      ["router", "Path 2", null, "10.0.0.9, Wi-Fi"],
    ],
  },
  {
    name: "a port with another number, its devices as they were",
    after: changed({ router: { endpoints: [{ ...gateway, port: 1502, pauseMs: 20 }, own] } }),
    want: [[
      "router",
      "Port 502",
      "serial gateway at port 502",
      "serial gateway at port 1502, pause 20 ms",
    ]],
  },
  {
    name: "a port that goes and one that comes",
    after: changed({ router: { endpoints: [gateway, { ...own, id: 3, kind: "device", port: 510 }] } }),
    want: [
      ["router", "Port 503", "router's own server at port 503", null],
      ["router", "Port 510", null, "device at port 510"],
    ],
  },
  {
    name: "the SIM and who signs in",
    after: changed({
      router: { user: "root", sim: { ...KILN.router.sim, allowanceMB: 500, apn: "fixed.ip" } },
    }),
    want: [
      ["router", "User of its pages", "admin", "root"],
      ["router", "APN", null, "fixed.ip"],
      ["router", "Allowance a month", null, "500 MB"],
    ],
  },
  {
    name: "a device with other words",
    after: changed({
      devices: [incomer, {
        ...ovens,
        name: "Deck ovens",
        endUse: "other",
        parentId: null,
        maxPowerW: 40_500,
      }],
    }),
    want: [
      ["devices 2", "Name", "Ovens", "Deck ovens"],
      ["devices 2", "End use", "heating", "other"],
      ["devices 2", "Part of", "Incomer", null],
      ["devices 2", "Largest power", null, "40.5 kW"],
    ],
  },
  {
    name: "a device with another unit and transformers",
    after: changed({
      devices: [{
        ...incomer,
        unitId: 9,
        transformer: { ctPrimaryA: 250, ctSecondaryA: 5, vtPrimaryV: 1, vtSecondaryV: 1, appliedBy: "meter" },
      }, ovens],
    }),
    want: [
      ["devices 1", "Transformers", null, "CT 250 : 5 A, the display shows primary kWh"],
      [
        "devices 1",
        "Read as",
        "Eastron SDM630, unit 1 through the serial gateway at port 502",
        "Eastron SDM630, unit 9 through the serial gateway at port 502",
      ],
    ],
  },
  {
    name: "a device that comes",
    after: changed({ devices: [incomer, ovens, { ...ovens, id: 7, name: "Mixer", unitId: 3 }] }),
    want: [[
      "devices 7",
      "New device",
      null,
      "Mixer, Eastron SDM630, unit 3 through the serial gateway at port 502",
    ]],
  },
  {
    name: "other hours on one day",
    after: changed({ hours: [[{ fromMin: 480, toMin: 1080 }], [], [], [], [], [], []] }),
    want: [["hours", "Monday", "06:00-18:00", "08:00-18:00"]],
  },
  {
    name: "no hours any more",
    after: changed({ hours: null }),
    want: [
      ["hours", "Monday", "06:00-18:00", null],
      ...["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        .map((day) => ["hours", day, "closed", null] as const),
    ],
  },
];

for (const { name, after, want } of CASES) {
  Deno.test(`differencesOf() says ${name}`, () => deepStrictEqual(linesOf(after), want));
}

Deno.test("traceOfChange() keeps changed fields alone, devices by the ids under which they are registered", () => {
  const after = changed({
    site: { town: "Ewell" },
    devices: [incomer, { ...ovens, name: "Deck ovens" }, { ...ovens, id: 7, name: "Mixer" }],
  });
  const trace = traceOfChange(KILN, after, (id) => id === 7 ? null : 100 + id);
  deepStrictEqual(trace.before, {
    "site": { town: "Epsom" },
    "device 102": { name: "Ovens" },
    'new device "Mixer"': {},
  });
  deepStrictEqual(trace.after["site"], { town: "Ewell" });
  deepStrictEqual(trace.after["device 102"], { name: "Deck ovens" });
  deepStrictEqual((trace.after['new device "Mixer"'] as { name: string }).name, "Mixer");
});
