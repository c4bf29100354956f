import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../collector/endpoint_queue.ts";
import { LOOPBACK, STRICT } from "../fakes/dial_policies.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";
import { addressWords, exceptionFrame, startPeer } from "../fakes/modbus_peer.ts";
import { isBusy, withEstate } from "./estate.ts";
import { ALL_GOOD, NEVER, proberAt, START_MS, statesOf, stepIn, targetAt, withScene } from "./probing.ts";

for (const host of ["10.1.2.3", "127.0.0.1", "169.254.169.254", "0.0.0.0", "::1"]) {
  Deno.test(`probe() does not dial ${host} unless it is allowed, and names the Networks page`, async () => {
    const clock = manualClock(START_MS);
    const peer = await startPeer(addressWords);
    const prober = proberAt(clock, createEndpointQueues(), { policy: { ...STRICT, ports: [peer.port] } });
    const target = targetAt(peer.port, { paths: [{ kind: "cellular", host }] });
    const report = await runUntil(clock, prober.probe(target, NEVER));
    ok(report.ok);
    strictEqual(stepIn(report.value, "path").seen, `Cellular ${host}: the address is not allowed`);
    match(stepIn(report.value, "path").advice ?? "", /Networks page/);
    const window = { functionCode: 3 as const, address: 0, count: 1 };
    const read = await runUntil(clock, prober.readWindow(target, window, NEVER));
    deepStrictEqual(read, { ok: false, error: "address-not-allowed" });
    const scan = prober.scan(target, { from: 1, to: 3 }, { onUnit: () => {}, signal: NEVER });
    const { state, asked, reason } = await runUntil(clock, scan);
    deepStrictEqual({ state, asked, reason }, { state: "lost", asked: 0, reason: "address-not-allowed" });
    strictEqual(peer.connections(), 0);
    await peer.close();
  });
}

Deno.test("probe() judges the policy when it dials, path by path", async () => {
  const clock = manualClock(START_MS);
  let asked = 0;
  const policy = () => Promise.resolve(asked++ === 0 ? STRICT : LOOPBACK);
  const peer = await startPeer(addressWords);
  const prober = proberAt(clock, createEndpointQueues(), { rules: { policy } });
  const paths = [{ kind: "cellular", host: "127.0.0.1" }, { kind: "wired", host: "127.0.0.1" }] as const;
  const report = await runUntil(clock, prober.probe(targetAt(peer.port, { paths }), NEVER));
  ok(report.ok);
  match(stepIn(report.value, "path", 0).seen, /not allowed/);
  strictEqual(stepIn(report.value, "path", 1).state, "good");
  await peer.close();
});

Deno.test("probe() of a busy endpoint says so after a while and dials nothing", () =>
  withScene({}, async ({ clock, queues, prober, target, site }) => {
    const visit = Promise.withResolvers<void>();
    const key = `127.0.0.1|${target.endpoint.port}`;
    const held = queues.run({ key, signal: NEVER }, () => visit.promise);
    const report = await runUntil(clock, prober.probe(target, NEVER));
    deepStrictEqual(report, { ok: false, error: "busy" });
    strictEqual(clock.nowMs() - START_MS, 20_000);
    const scan = await runUntil(
      clock,
      prober.scan(target, { from: 1, to: 2 }, { onUnit: () => {}, signal: NEVER }),
    );
    strictEqual(scan.state, "busy");
    strictEqual(site.endpoints[0]?.requests(), 0);
    visit.resolve();
    await held;
  }));

Deno.test("probe() does not test more than sixteen devices at once", async () => {
  const clock = manualClock(START_MS);
  const rules = { resolve: () => new Promise<readonly string[]>(() => {}) };
  const prober = proberAt(clock, createEndpointQueues(), { rules });
  const target = targetAt(502, { paths: [{ kind: "cellular", host: "router.example" }] });
  const at = (port: number) => ({ ...target, endpoint: { ...target.endpoint, port } });
  const testing = Array.from({ length: 16 }, (_, i) => prober.probe(at(i + 1), NEVER));
  deepStrictEqual(await prober.probe(at(17), NEVER), { ok: false, error: "busy" });
  const reports = await runUntil(clock, Promise.all(testing));
  strictEqual(reports.every((report) => report.ok), true);
  strictEqual((await runUntil(clock, prober.probe(at(17), NEVER))).ok, true);
});

Deno.test("nothing but reads is ever sent to a device", async () => {
  const clock = manualClock(START_MS);
  const peer = await startPeer((request) =>
    request.unitId === 3 ? exceptionFrame(request, 0x0b) : addressWords(request)
  );
  const prober = proberAt(clock, createEndpointQueues());
  const target = targetAt(peer.port, { neighbours: [4] });
  for (const { id } of [{ id: "eastron-sdm630" }, { id: "schneider-iem3000" }, { id: "teltonika-rutx" }]) {
    await runUntil(clock, prober.probe({ ...target, profileId: id }, NEVER));
  }
  await runUntil(clock, prober.probe({ ...target, unitId: 3 }, NEVER));
  await runUntil(clock, prober.scan(target, { from: 1, to: 5 }, { onUnit: () => {}, signal: NEVER }));
  ok(peer.requests.length > 10);
  strictEqual(peer.requests.every(({ functionCode }) => functionCode === 3 || functionCode === 4), true);
  await peer.close();
});

Deno.test("what is probed waits in the queue of the half-hourly visits", () =>
  withScene({}, async ({ clock, queues, prober, target, site }) => {
    const probing = prober.probe(target, NEVER);
    const key = `127.0.0.1|${target.endpoint.port}`;
    strictEqual(queues.size(), 1);
    const requests = () => site.endpoints[0]?.requests();
    const visiting = queues.run({ key, signal: NEVER }, () => Promise.resolve(requests()));
    const [, visit] = await runUntil(clock, Promise.all([probing, visiting]));
    deepStrictEqual(visit, { ok: true, value: requests() });
    strictEqual(requests(), 3, "the unit, its registers, its counters once more");
  }));

Deno.test("a name is judged by the addresses it has when it is dialled", async () => {
  const clock = manualClock(START_MS);
  const peer = await startPeer(addressWords);
  const rules = { resolve: () => Promise.resolve(["127.0.0.1", "10.0.0.9"]) };
  const policy = { ...STRICT, ports: [peer.port] };
  const prober = proberAt(clock, createEndpointQueues(), { rules, policy });
  const target = targetAt(peer.port, { paths: [{ kind: "cellular", host: "rebinding.example" }] });
  const report = await runUntil(clock, prober.probe(target, NEVER));
  match(report.ok ? stepIn(report.value, "path").seen : "", /the address is not allowed$/);
  strictEqual(peer.connections(), 0);
  await peer.close();
});

Deno.test("the prober of a collector dials what visits may dial, and stores nothing", () =>
  withEstate({ specs: [{}] }, async ({ collector, clock, db, sites }) => {
    const target = targetAt(sites[0]?.endpoints[0]?.port ?? 0);
    const refusing = collector({ loopbackSites: false });
    const refused = await runUntil(clock, refusing.prober.probe(target, NEVER));
    match(refused.ok ? stepIn(refused.value, "path").seen : "", /the address is not allowed$/);
    const report = await runUntil(clock, collector().prober.probe(target, NEVER));
    deepStrictEqual(report.ok && statesOf(report.value), ALL_GOOD);
    const rows = await Promise.all([
      db.kysely.selectFrom("attempt").select("attempt_no").execute(),
      db.kysely.selectFrom("recent").select("channel_id").execute(),
      db.kysely.selectFrom("open_gap").select("channel_id").execute(),
    ]);
    deepStrictEqual(rows, [[], [], []]);
  }));

Deno.test("a half-hourly visit waits for a test that is under way, and reads everything then", () =>
  withEstate({ specs: [{}] }, async ({ collector, clock, sites }) => {
    const collecting = collector();
    const target = targetAt(sites[0]?.endpoints[0]?.port ?? 0);
    const probing = collecting.prober.probe(target, NEVER);
    collecting.wake();
    const both = Promise.all([probing, collecting.idle()]);
    const [report] = await runUntil(clock, both, () => isBusy(collecting));
    deepStrictEqual(report.ok && statesOf(report.value), ALL_GOOD);
    strictEqual(collecting.status().lastCycle?.complete, 1);
  }));
