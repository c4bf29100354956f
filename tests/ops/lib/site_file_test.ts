import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatFieldErrors, siteDraftOf } from "../../../ops/lib/site_file.ts";

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
  const draft = siteDraftOf(SITE, 100);
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
    const draft = siteDraftOf(site, 100);
    ok(!draft.ok);
    deepStrictEqual(draft.error.map(({ field }) => field), fields);
    ok(formatFieldErrors(draft.error).includes("expected:"));
  });
}
