import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { FLOWS, SEGMENT_NAMES, segmentProbes } from "../../../../ops/lib/host/segments.ts";
import { FIREWALLED } from "./firewall_example.ts";

Deno.test("every segment is in the table of ways, and no way is there twice", () => {
  for (const name of SEGMENT_NAMES) ok(FLOWS.some(({ from, to }) => from === name || to === name), name);
  const ways = FLOWS.map(({ from, to, what }) => `${from} ${to} ${what}`);
  strictEqual(new Set(ways).size, ways.length);
});

Deno.test("each way is tried on every port of it, in both families where it has both", () => {
  const probes = segmentProbes(FIREWALLED);
  const of = (from: string, to: string, what: string) =>
    probes.filter(({ flow }) => flow.from === from && flow.to === to && flow.what === what)
      .map(({ family, port }) => `${family} ${port}`);
  deepStrictEqual(of("app", "field", "Modbus"), ["ipv4 502", "ipv4 1502", "ipv6 502", "ipv6 1502"]);
  deepStrictEqual(of("app", "database", "the database"), ["ipv4 3306"]);
  deepStrictEqual(of("app", "edge", "SSH"), ["ipv4 22"]);
  deepStrictEqual(of("internet", "edge", "tunnels"), ["ipv4 51820", "ipv6 51820"]);
});

Deno.test("a host without VPN and with its own database has fewer ways to try", () => {
  const probes = segmentProbes({ ...FIREWALLED, vpn: null, database: { kind: "sqlite" } });
  strictEqual(probes.some(({ flow }) => flow.what === "tunnels" || flow.to === "database"), false);
});

Deno.test("the app is let out to nothing but services, names, mail, its database and meters", () => {
  const open = FLOWS.filter(({ from, verdict }) => from === "app" && verdict === "open").map(({ what }) =>
    what
  );
  deepStrictEqual(open, ["services (HTTPS)", "names", "mail", "the database", "Modbus"]);
});

Deno.test("nobody is let into the app, the database or the field from outside", () => {
  const inside = FLOWS.filter(({ from, to }) =>
    from !== "app" && from !== "edge" && ["app", "database", "field"].includes(to)
  );
  deepStrictEqual([...new Set(inside.map(({ verdict }) => verdict))], ["closed"]);
});
