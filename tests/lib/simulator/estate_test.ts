import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { profileOf } from "../../../lib/profiles/mod.ts";
import { demoEstate } from "../../../lib/simulator/estate.ts";
import { metersOf } from "../../../lib/simulator/site.ts";
import { faultOf } from "../../../lib/simulator/fault_text.ts";

const ESTATE = demoEstate(300, 1);

Deno.test("demoEstate() is the same from the same seed, and another from another", () => {
  deepStrictEqual(demoEstate(20, 1), ESTATE.slice(0, 20));
  ok(
    demoEstate(20, 2)[0]?.spec.name !== ESTATE[0]?.spec.name ||
      demoEstate(20, 2)[1]?.spec.seed !== ESTATE[1]?.spec.seed,
  );
});

Deno.test("demoEstate() gives every site a name and loopback addresses of its own", () => {
  const many = demoEstate(2000, 5);
  strictEqual(new Set(many.map(({ spec }) => spec.name)).size, many.length);
  const hosts = many.flatMap(({ spec }) => spec.hosts);
  strictEqual(new Set(hosts).size, hosts.length);
  for (const host of hosts) match(host, /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/);
  ok(many.every(({ spec }) => spec.name.length <= 80));
});

Deno.test("demoEstate() gives a site 3 to 9 meters besides its router, units that differ, ports that differ", () => {
  for (const { spec } of ESTATE) {
    const meters = spec.endpoints.flatMap((endpoint) => endpoint.meters);
    ok(meters.length >= 4 && meters.length <= 10, spec.name);
    strictEqual(new Set(spec.endpoints.map((endpoint) => endpoint.port)).size, spec.endpoints.length);
    for (const endpoint of spec.endpoints) {
      ok(endpoint.meters.length > 0, spec.name);
      strictEqual(new Set(endpoint.meters.map((meter) => meter.unitId)).size, endpoint.meters.length);
    }
  }
});

Deno.test("demoEstate() registers what it serves", () => {
  for (const { spec, registration } of ESTATE) {
    deepStrictEqual(registration.paths.map((path) => path.host), spec.hosts);
    const served = spec.endpoints.map((
      { port, kind, meters },
    ) => [port, kind, meters.map((m) => [m.unitId, m.profileId])]);
    const told = registration.endpoints.map(({ port, kind, meters }) => [
      port,
      kind,
      meters.map((m) => [m.unitId, m.profileId]),
    ]);
    deepStrictEqual(told, served);
    for (const meter of registration.endpoints.flatMap((endpoint) => endpoint.meters)) {
      const profile = profileOf(meter.profileId);
      strictEqual(meter.channels.length, Object.keys(profile?.registers ?? {}).length);
      strictEqual(meter.profileVersion, profile?.version);
    }
  }
});

Deno.test("demoEstate() has a backup path, a weak signal, a silent unit and a silent router among its first ten", () => {
  const kinds = ESTATE.slice(0, 10).flatMap(({ spec }) => (spec.faults ?? []).map((fault) => fault.kind));
  deepStrictEqual(kinds, ["refused", "weak-signal", "silent", "hang"]);
  strictEqual(ESTATE[2]?.spec.hosts.length, 2);
  const silent = ESTATE[6]?.spec.faults?.[0];
  const meters = ESTATE[6]?.spec.endpoints[silent?.endpoint ?? -1]?.meters;
  ok(meters?.some((meter) => meter.unitId === silent?.unitId), "the silent unit is there");
  ok(meters && meters.length > 1, "another unit is not silent");
});

Deno.test("demoEstate() has sites with opening hours and without, and zones outside Britain", () => {
  ok(ESTATE.some(({ spec }) => spec.hours === null) && ESTATE.some(({ spec }) => spec.hours?.length === 7));
  ok(ESTATE.some(({ spec }) => spec.zone !== "Europe/London"));
  for (const { spec } of ESTATE) {
    for (const stretch of spec.hours?.flat() ?? []) {
      ok(stretch.fromMin % 30 === 0 && stretch.toMin % 30 === 0 && stretch.fromMin < stretch.toMin);
    }
  }
});

Deno.test("demoEstate() has meters that never draw more than they are registered for", () => {
  for (const { spec } of ESTATE.slice(0, 15)) {
    for (const meter of metersOf(spec).flat()) {
      for (let k = 0; k < 336; k += 5) {
        const power = meter.readingAt(Date.UTC(2026, 0, 5, 0, 10) + k * 1_800_000)["powerW"]?.value ?? 0;
        ok(power <= meter.spec.maxPowerW, `${spec.name}, ${meter.spec.name}: ${power} W`);
      }
    }
  }
});

Deno.test("faultOf() refuses what is no fault", () => {
  for (
    const text of [
      "",
      "refuse",
      "slow",
      "slow:-1",
      "slow:1.5",
      "exception",
      "exception:0",
      "hang:1",
      "nan:x",
      "none:1",
    ]
  ) {
    const fault = faultOf(text, 0);
    ok(!fault.ok && fault.error.includes(`"${text}"`), text);
  }
});

Deno.test("faultOf() reads faults with their numbers", () => {
  const cases = [
    ["hang", { kind: "hang" }],
    ["slow:2000", { kind: "slow", ms: 2000 }],
    ["silent:3", { kind: "silent", unitId: 3 }],
    ["exception:6", { kind: "exception", code: 6 }],
    ["refused:0", { kind: "refused", path: 0 }],
    ["frozen", { kind: "frozen", atMs: 77 }],
    ["none", null],
  ] as const;
  for (const [text, value] of cases) deepStrictEqual(faultOf(text, 77), { ok: true, value });
});
