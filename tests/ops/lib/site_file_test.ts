import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatFieldErrors } from "../../../ops/lib/fields.ts";
import { profileOf } from "../../../lib/profiles/mod.ts";
import { ownProfilesIn, siteDraftOf } from "../../../ops/lib/site_file.ts";

const READING = { since: 100, find: profileOf };

const SITE = {
  name: "Kiln Lane",
  zone: "Europe/London",
  paths: [{ host: "10.20.0.7" }, { kind: "wired", host: "kiln.example" }],
  endpoints: [{
    port: 502,
    meters: [
      { unit: 1, profile: "eastron-sdm630", endUse: "cooling", maxPowerW: 50_000 },
      { unit: 2, profile: "eastron-sdm120" },
    ],
  }],
};

Deno.test("siteDraftOf() takes what is not said for the usual", () => {
  const draft = siteDraftOf(SITE, READING);
  ok(draft.ok);
  const { paths, endpoints, since, town } = draft.value;
  deepStrictEqual([town, since, paths.map(({ kind }) => kind)], ["", 100, ["cellular", "wired"]]);
  strictEqual(endpoints[0]?.kind, "gateway");
  deepStrictEqual(endpoints[0]?.meters.map(({ name, endUse }) => [name, endUse]), [
    ["eastron-sdm630 1", "cooling"],
    ["eastron-sdm120 2", "other"],
  ]);
  ok((endpoints[0]?.meters[0]?.channels.length ?? 0) > 10);
});

const WRONG: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["no site at all", "Kiln Lane", ["the site", "name", "zone", "paths", "endpoints"]],
  ["nothing", {}, ["name", "zone", "paths", "endpoints"]],
  ["a zone off the half-hour", { ...SITE, zone: "Asia/Kathmandu" }, ["zone"]],
  ["a zone that is none", { ...SITE, zone: "Kiln/Lane" }, ["zone"]],
  ["an address with a path", { ...SITE, paths: [{ host: "http://10.0.0.1/" }] }, ["paths[0].host"]],
  ["a port of 0", { ...SITE, endpoints: [{ ...SITE.endpoints[0], port: 0 }] }, ["endpoints[0].port"]],
  ["a port twice", { ...SITE, endpoints: [SITE.endpoints[0], SITE.endpoints[0]] }, ["endpoints"]],
  ["an unknown field", { ...SITE, colour: "red" }, ["colour"]],
  [
    "a reserved unit",
    { ...SITE, endpoints: [{ port: 502, meters: [{ unit: 250, profile: "eastron-sdm120" }] }] },
    ["endpoints[0].meters[0].unit"],
  ],
  [
    "unit 0 behind a gateway",
    { ...SITE, endpoints: [{ port: 502, meters: [{ unit: 0, profile: "eastron-sdm120" }] }] },
    ["endpoints[0].meters[0].unit"],
  ],
  [
    "an unknown profile and end use",
    { ...SITE, endpoints: [{ port: 502, meters: [{ unit: 1, profile: "sdm631", endUse: "heat" }] }] },
    ["endpoints[0].meters[0].profile", "endpoints[0].meters[0].endUse"],
  ],
  ["a latitude beyond the pole", { ...SITE, latitude: 91 }, ["latitude"]],
];
for (const [name, site, fields] of WRONG) {
  Deno.test(`siteDraftOf() refuses ${name} and names every field`, () => {
    const draft = siteDraftOf(site, READING);
    ok(!draft.ok);
    deepStrictEqual(draft.error.map(({ field }) => field), fields);
    ok(formatFieldErrors(draft.error).includes("expected:"));
  });
}

const DAYS = ["08:00-18:00", "8-12, 13-17", "24h", "closed", "", "08:00-18:00", "closed"];

Deno.test("siteDraftOf() reads hours, Monday first, and transformers", () => {
  const transformer = { ctPrimaryA: 250, ctSecondaryA: 5, appliedBy: "wattpost" };
  const meters = [{ unit: 1, profile: "janitza-umg96", wholeSite: true, transformer }];
  const draft = siteDraftOf({ ...SITE, hours: DAYS, endpoints: [{ port: 502, meters }] }, READING);
  ok(draft.ok);
  deepStrictEqual(draft.value.hours?.map((day) => day.length), [1, 2, 1, 0, 0, 1, 0]);
  deepStrictEqual(draft.value.endpoints[0]?.meters[0]?.transformer, {
    ...transformer,
    vtPrimaryV: 1,
    vtSecondaryV: 1,
  });
});

const endpoint = (fields: object) => ({ endpoints: [{ ...SITE.endpoints[0], ...fields }] });
const meter = (fields: object) => endpoint({ meters: [{ unit: 1, profile: "eastron-sdm630", ...fields }] });

/** What is changed in a good site; the field, its value and what is expected, as they are shown. */
const SAID: readonly (readonly [object, string])[] = [
  [{ name: "" }, '  name is ""\n    expected: a text of 1 to 80 characters'],
  [{ name: 7 }, "  name is 7\n    expected: a text of 1 to 80 characters"],
  [{ town: "x".repeat(81) }, `  town is "${"x".repeat(59)}…\n    expected: a text of 0 to 80 characters`],
  [{ latitude: "51" }, '  latitude is "51"\n    expected: a number from -90 to 90'],
  [{ longitude: 181 }, "  longitude is 181\n    expected: a number from -180 to 180"],
  [{ hours: "8-18" }, '  hours is "8-18"\n    expected: a list of 7'],
  [{ hours: DAYS.slice(1) }, "  hours is"],
  [
    { hours: DAYS.with(6, "8-25") },
    '  hours[6] is "8-25"\n    expected: hours of Sunday such as 08:00-18:00,',
  ],
  [{ hours: [7, ...DAYS.slice(1)] }, "  hours[0] is 7\n    expected: a text of 0 to 80 characters"],
  [{ paths: [] }, "  paths is []\n    expected: a list of 1 to 8"],
  [{ paths: [{}] }, "  paths[0].host is not given\n    expected: a text of 1 to 253 characters"],
  [
    { paths: [{ kind: "fibre", host: "a" }] },
    '  paths[0].kind is "fibre"\n    expected: one of cellular, wifi, wired',
  ],
  [
    { paths: ["10.0.0.1"] },
    '  paths[0] is "10.0.0.1"\n    expected: an object',
  ],
  [endpoint({ port: 1.5 }), "  endpoints[0].port is 1.5\n    expected: a whole number from 1 to 65535"],
  [endpoint({ kind: "plc" }), '  endpoints[0].kind is "plc"\n    expected: one of router, gateway, device'],
  [endpoint({ pauseMs: -1 }), "  endpoints[0].pauseMs is -1\n    expected: a whole number from 0 to 5000"],
  [
    endpoint({ responseTimeoutMs: 5 }),
    "  endpoints[0].responseTimeoutMs is 5\n    expected: a whole number from 100 to 60000",
  ],
  [endpoint({ meters: [] }), "  endpoints[0].meters is []\n    expected: a list of 1 to 250"],
  [
    meter({ wholeSite: "yes" }),
    '  endpoints[0].meters[0].wholeSite is "yes"\n    expected: true or false',
  ],
  [
    meter({ maxPowerW: 0 }),
    "  endpoints[0].meters[0].maxPowerW is 0\n    expected: a whole number from 1 to 1000000000",
  ],
  [
    meter({ transformer: 5 }),
    "  endpoints[0].meters[0].transformer is 5\n    expected: an object",
  ],
  [
    meter({ transformer: { ctPrimaryA: 0, ctSecondaryA: 5 } }),
    "  endpoints[0].meters[0].transformer.ctPrimaryA is 0\n    expected: a number from 1 to 100000",
  ],
  [
    meter({ transformer: { ctPrimaryA: 100, ctSecondaryA: 0.3335 } }),
    "  endpoints[0].meters[0].transformer.ctSecondaryA is 0.3335\n    expected: at most 3 decimals",
  ],
  [
    meter({
      transformer: {
        ctPrimaryA: 99_999.999,
        ctSecondaryA: 0.007,
        vtPrimaryV: 999_999.999,
        vtSecondaryV: 1.001,
        appliedBy: "wattpost",
      },
    }),
    "  endpoints[0].meters[0].transformer.vtPrimaryV is 999999.999\n    expected: ratings whose CT × VT is a ratio",
  ],
  [
    meter({ ratio: 5 }),
    "  endpoints[0].meters[0].ratio is 5\n    expected: no such field; known are name, unit, profile,",
  ],
];
for (const [change, text] of SAID) {
  Deno.test(`siteDraftOf() says what is expected of ${JSON.stringify(change).slice(0, 70)}`, () => {
    const draft = siteDraftOf({ ...SITE, ...change }, READING);
    ok(!draft.ok);
    const said = formatFieldErrors(draft.error);
    ok(said.startsWith(text), said);
  });
}

Deno.test("ownProfilesIn() finds the register maps of a file, whatever else stands there", () => {
  const meters = [null, 5, { profile: "own-12@3" }, { profile: 7 }, { profile: "eastron-sdm630" }];
  const sites = [null, "x", {}, { endpoints: 5 }, { endpoints: [null, { meters: "x" }, { meters }] }];
  deepStrictEqual(ownProfilesIn(sites), ["own-12@3"]);
});
