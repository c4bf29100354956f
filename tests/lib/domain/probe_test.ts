import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ProbeEndpoint, SCAN_MS, scanCost, scanUnits } from "../../../lib/domain/probe.ts";

const GATEWAY: ProbeEndpoint = { port: 502, kind: "gateway", pauseMs: 20, responseTimeoutMs: 1_000 };

const RANGES = [
  { name: "1 to 3 behind a gateway", kind: "gateway", from: 1, to: 3, units: [1, 2, 3] },
  {
    name: "everything behind a gateway without 0 and 248 to 255",
    kind: "gateway",
    from: 0,
    to: 255,
    units: 247,
  },
  { name: "a device reached directly with 0 and 255", kind: "device", from: 0, to: 255, units: 249 },
  { name: "a router with 0 and 255", kind: "router", from: 0, to: 255, units: 249 },
  { name: "no unit of 248 to 254", kind: "device", from: 248, to: 254, units: [] },
  { name: "nothing of a range that ends before it begins", kind: "gateway", from: 9, to: 3, units: [] },
  { name: "nothing outside of a byte", kind: "device", from: -5, to: 1e9, units: 249 },
] as const;
for (const { name, kind, from, to, units } of RANGES) {
  Deno.test(`scanUnits() gives ${name}`, () => {
    const found = scanUnits({ from, to }, kind);
    if (typeof units === "number") strictEqual(found.length, units);
    else deepStrictEqual(found, units);
  });
}

Deno.test("scanCost() counts 231 bytes a unit, seven packets of a connection, and every unit silent", () => {
  deepStrictEqual(scanCost({ from: 1, to: 10, endpoint: GATEWAY }), { units: 10, bytes: 2_674, ms: 10_200 });
});

Deno.test("scanCost() of a whole gateway is below 60 kB and bounded in time", () => {
  const { bytes, ms } = scanCost({ from: 0, to: 255, endpoint: { ...GATEWAY, responseTimeoutMs: null } });
  strictEqual(bytes, 57_421);
  strictEqual(ms, SCAN_MS);
});

Deno.test("scanCost() waits as long as the configuration says where the endpoint says nothing", () => {
  const endpoint = { ...GATEWAY, responseTimeoutMs: null };
  strictEqual(scanCost({ from: 1, to: 2, endpoint }, 300).ms, 640);
});

Deno.test("scanCost() of no unit is nothing", () =>
  deepStrictEqual(scanCost({ from: 250, to: 254, endpoint: GATEWAY }), { units: 0, bytes: 0, ms: 0 }));
