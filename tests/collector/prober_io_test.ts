import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues, type EndpointQueues } from "../../collector/endpoint_queue.ts";
import { createProber } from "../../collector/prober.ts";
import type { DialRules } from "../../collector/session.ts";
import type { FindProfile } from "../../collector/visit_plan.ts";
import type { DialPolicy } from "../../lib/domain/dial_policy.ts";
import type { Prober, ProbeReport, ProbeStep, ProbeStepKind, ProbeTarget } from "../../lib/domain/probe.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { LOOPBACK, STRICT } from "../fakes/dial_policies.ts";
import { type ManualClock, manualClock, runUntil, until } from "../fakes/manual_clock.ts";
import { addressWords, exceptionFrame, startPeer } from "../fakes/modbus_peer.ts";
import { meter, ofUnit2, startSimulated } from "./simulated.ts";

const START_MS = Date.UTC(2026, 10, 2, 10, 0, 7);
const NEVER = new AbortController().signal;

interface Scene {
  readonly clock: ManualClock;
  readonly site: SimulatedSite;
  readonly queues: EndpointQueues;
  readonly prober: Prober;
  /** Unit 1 behind the gateway. */
  readonly target: ProbeTarget;
  probe(over?: Partial<ProbeTarget>): Promise<ProbeReport>;
}

interface SceneOptions extends Partial<SiteSpec> {
  readonly findProfile?: FindProfile;
  readonly policy?: DialPolicy;
}

function proberAt(
  clock: ManualClock,
  queues: EndpointQueues,
  { findProfile = profileOf, policy = LOOPBACK, rules = {} }: SceneOptions & { rules?: Partial<DialRules> } =
    {},
): Prober {
  const dial = {
    connectTimeoutMs: 8_000,
    responseTimeoutMs: 5_000,
    policy: () => Promise.resolve(policy),
    ...rules,
  };
  return createProber({ clock, queues, findProfile, rules: dial, draining: NEVER });
}

function targetAt(port: number, over: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoint: { port, kind: "gateway", pauseMs: 0, responseTimeoutMs: null },
    unitId: 1,
    profileId: "eastron-sdm630",
    transformer: null,
    neighbours: [],
    ...over,
  };
}

async function withScene(options: SceneOptions, body: (scene: Scene) => Promise<void>): Promise<void> {
  const { findProfile, policy, ...spec } = options;
  const clock = manualClock(START_MS);
  const site = await startSimulated(clock, spec);
  const queues = createEndpointQueues();
  const prober = proberAt(clock, queues, { ...(findProfile && { findProfile }), ...(policy && { policy }) });
  const target = targetAt(site.endpoints[0]?.port ?? 0, {
    paths: site.hosts.map((host, i) => ({ kind: i === 0 ? "cellular" : "wired", host })),
  });
  const probe = async (over: Partial<ProbeTarget> = {}) => {
    const report = await runUntil(clock, prober.probe({ ...target, ...over }, NEVER));
    ok(report.ok, "not busy");
    return report.value;
  };
  try {
    await body({ clock, site, queues, prober, target, probe });
    strictEqual(queues.size(), 0, "the endpoint is left to others");
  } finally {
    await site.close();
  }
}

const statesOf = ({ steps }: ProbeReport) => steps.map(({ kind, state }) => `${kind} ${state}`);

function stepIn({ steps }: ProbeReport, kind: ProbeStepKind, place = 0): ProbeStep {
  const step = steps.filter((step) => step.kind === kind)[place];
  ok(step, `there is a step "${kind}"`);
  return step;
}

const ALL_GOOD = ["path good", "connect good", "unit good", "block good", "plausible good"];

Deno.test("probe() of a good meter is good step by step, brings its values, and asks for registers alone", () =>
  withScene({}, async ({ probe, site, clock }) => {
    const report = await probe();
    deepStrictEqual(statesOf(report), ALL_GOOD, JSON.stringify(report.steps));
    deepStrictEqual(report.findings, []);
    strictEqual(report.values.length, 18);
    strictEqual(report.values.every(({ value }) => value.ok), true);
    strictEqual(stepIn(report, "block").seen, "The request was answered, 80 registers");
    match(stepIn(report, "plausible").seen, /^18 of 18 values believable/);
    ok(report.bytes > 180, "what it cost is told");
    ok(report.tookMs < 3_500 && clock.nowMs() - START_MS < 3_500);
    const frequency = report.values.find(({ quantity }) => quantity === "frequencyHz");
    ok(frequency?.value.ok && Math.abs(Number(frequency.value.value) - 50) < 1);
    await until("the connection is closed", () => site.endpoints[0]?.connections() === 0);
  }));

Deno.test("probe() of a meter reached directly and of a router reads and believes them", () =>
  withScene({}, async ({ probe, site }) => {
    const [, device, router] = site.endpoints;
    const iem = { endpoint: { ...targetAt(device?.port ?? 0).endpoint, kind: "device" as const } };
    deepStrictEqual(statesOf(await probe({ ...iem, profileId: "schneider-iem3000" })), ALL_GOOD);
    const rut = { endpoint: { ...targetAt(router?.port ?? 0).endpoint, kind: "router" as const } };
    const report = await probe({ ...rut, profileId: "teltonika-rut9xx" });
    deepStrictEqual(statesOf(report), ALL_GOOD, JSON.stringify(report.steps));
    match(stepIn(report, "plausible").seen, /; .*serial \w+/, "its serial number is said");
  }));

Deno.test("probe() says that unit 2 is silent and unit 1 fine, and what to look at", () =>
  withScene({ faults: [ofUnit2({ kind: "silent" })] }, async ({ probe }) => {
    const report = await probe({ unitId: 2, profileId: "eastron-sdm120", neighbours: [1] });
    deepStrictEqual(statesOf(report), [
      "path good",
      "connect good",
      "unit critical",
      "block skipped",
      "plausible skipped",
    ]);
    const { seen, advice } = stepIn(report, "unit");
    strictEqual(seen, "Router answers, unit 2 silent, unit 1 fine");
    strictEqual(advice, "Check wiring, address or power of unit 2");
    deepStrictEqual(report.values, []);
  }));

Deno.test("probe() tells a gateway that says nothing of a silent unit the same way", () => {
  const endpoints = [{
    port: 0,
    kind: "gateway" as const,
    silence: "silence" as const,
    meters: [meter(1, "eastron-sdm630"), meter(2, "eastron-sdm120")],
  }];
  return withScene({ endpoints, faults: [ofUnit2({ kind: "silent" })] }, async ({ probe }) => {
    const report = await probe({ unitId: 2, profileId: "eastron-sdm120", neighbours: [2, 1] });
    strictEqual(stepIn(report, "unit").seen, "Router answers, unit 2 silent, unit 1 fine");
    strictEqual(stepIn(report, "unit").tookMs, 5_000);
  });
});

Deno.test("probe() asks three neighbours at most, and blames the line where none answers", () =>
  withScene({}, async ({ probe, site }) => {
    const report = await probe({ unitId: 9, neighbours: [10, 11, 12, 13, 1] });
    const { seen, advice } = stepIn(report, "unit");
    strictEqual(seen, "Units 9, 10, 11 and 12 silent");
    match(advice ?? "", /serial line \(A, B\)/);
    strictEqual(site.endpoints[0]?.requests(), 4);
  }));

Deno.test("probe() says that a port is refused, and asks nothing", () =>
  withScene({ faults: [{ kind: "refused" }] }, async ({ probe }) => {
    const report = await probe();
    deepStrictEqual(statesOf(report), [
      "path critical",
      "connect critical",
      "unit skipped",
      "block skipped",
      "plausible skipped",
    ]);
    match(stepIn(report, "path").seen, /^Cellular 127\.0\.0\.1: the router refuses the port$/);
    match(stepIn(report, "path").advice ?? "", /Modbus TCP is switched on/);
  }));

Deno.test("probe() gives up a router that does not answer after the time to connect", async () => {
  const clock = manualClock(START_MS);
  const rules = { resolve: () => new Promise<readonly string[]>(() => {}) };
  const prober = proberAt(clock, createEndpointQueues(), { rules });
  const target = targetAt(502, { paths: [{ kind: "cellular", host: "router.example" }] });
  const report = await runUntil(clock, prober.probe(target, NEVER));
  ok(report.ok);
  const { seen, tookMs } = stepIn(report.value, "path");
  strictEqual(seen, "Cellular router.example: the router does not answer");
  strictEqual(tookMs, 8_000);
  strictEqual(stepIn(report.value, "connect").state, "critical");
});

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

Deno.test("probe() takes exception 2 for a unit that is there with another map", () =>
  withScene({ faults: [ofUnit2({ kind: "exception", code: 2 })] }, async ({ probe }) => {
    const report = await probe({ unitId: 2, profileId: "eastron-sdm120", neighbours: [1] });
    strictEqual(stepIn(report, "unit").state, "warn");
    strictEqual(
      stepIn(report, "unit").seen,
      "Unit 2 does not know the address (exception 2), so it is there",
    );
    const block = stepIn(report, "block");
    strictEqual(block.state, "critical");
    match(block.seen, /^0 of \d requests? answered, 0 registers; registers \d+ to \d+: .*exception 2/);
    match(block.advice ?? "", /choose another profile/);
    strictEqual(stepIn(report, "plausible").state, "skipped");
    strictEqual(report.values.every(({ value }) => !value.ok && value.error === "exception-2"), true);
  }));

Deno.test("probe() of a profile with a wrong word order tells values out of range and the better order", () => {
  const findProfile: FindProfile = (id) => {
    const profile = profileOf(id);
    return profile && { ...profile, wordOrder: "little" };
  };
  return withScene({ findProfile }, async ({ probe }) => {
    const report = await probe();
    const { state, seen, advice } = stepIn(report, "plausible");
    strictEqual(state, "critical", seen);
    match(advice ?? "", /is out of its range: word order/);
    match(advice ?? "", /In the word order ABCD \(high word first\) more values would fit/);
    ok(report.findings.length > 0);
    strictEqual(stepIn(report, "block").state, "good");
  });
});

for (const fault of [{ kind: "garbage" }, { kind: "wrong-transaction" }, { kind: "half-frame" }] as const) {
  Deno.test(`probe() says that ${fault.kind} is no Modbus TCP`, () =>
    withScene({ faults: [fault] }, async ({ probe }) => {
      const report = await probe();
      strictEqual(stepIn(report, "unit").state, "critical");
      strictEqual(stepIn(report, "unit").seen, "The answer was garbled");
      match(stepIn(report, "unit").advice ?? "", /RTU over TCP/);
      match(stepIn(report, "path").seen, /nothing answers/);
      ok(report.bytes > 0);
    }));
}

Deno.test("probe() uses the backup path where the main one refuses, and says so", () =>
  withScene(
    { hosts: ["127.0.0.1", "127.0.0.2", "127.0.0.3"], faults: [{ kind: "refused", path: 0 }] },
    async (
      { probe },
    ) => {
      const report = await probe();
      deepStrictEqual(statesOf(report), [
        "path critical",
        "path good",
        "path good",
        "connect warn",
        ...ALL_GOOD.slice(2),
      ]);
      match(stepIn(report, "connect").seen, /^Connected to 127\.0\.0\.2, .* the router refuses the port$/);
      match(stepIn(report, "path", 1).seen, /connected, and something answers/);
      match(stepIn(report, "path", 2).seen, /a TCP connection opens; nothing was asked over it/);
      ok(
        stepIn(report, "path", 2).beginsMs >= stepIn(report, "plausible").beginsMs,
        "not two connections at once",
      );
    },
  ));

Deno.test("probe() goes on to the next path where one connects and keeps silent", () =>
  withScene({ hosts: ["127.0.0.1", "127.0.0.2"], faults: [{ kind: "hang", path: 0 }] }, async ({ probe }) => {
    const report = await probe();
    deepStrictEqual(statesOf(report), ["path warn", "path good", "connect warn", ...ALL_GOOD.slice(2)]);
    match(stepIn(report, "path").seen, /a TCP connection opens, but nothing answers/);
    match(stepIn(report, "path").advice ?? "", /forwarding/);
  }));

Deno.test("probe() ends within a minute, whatever keeps silent", () =>
  withScene(
    { hosts: ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"], faults: [{ kind: "hang" }] },
    async (
      { probe, clock },
    ) => {
      const report = await probe({ neighbours: [2, 3, 4] });
      ok(clock.nowMs() - START_MS <= 60_000);
      strictEqual(stepIn(report, "path", 3).state, "skipped");
      strictEqual(stepIn(report, "unit").state, "critical");
      strictEqual(report.steps.length, 8);
    },
  ));

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

Deno.test("probe() without a profile of that name asks the unit alone", () =>
  withScene({}, async ({ probe }) => {
    const report = await probe({ profileId: "nobody-nothing" });
    match(stepIn(report, "unit").seen, /so it is there$/);
    strictEqual(stepIn(report, "block").seen, 'Not read: there is no profile "nobody-nothing"');
  }));

Deno.test("probe() ends when the person leaves", () =>
  withScene({ faults: [{ kind: "hang" }] }, async ({ clock, prober, target }) => {
    const leaving = new AbortController();
    const coming = prober.probe(target, leaving.signal);
    leaving.abort();
    const report = await coming;
    strictEqual(clock.nowMs(), START_MS);
    ok(!report.ok || report.value.values.length === 0);
  }));

Deno.test("readWindow() brings registers once, over the path that answers", () =>
  withScene({ hosts: ["127.0.0.1", "127.0.0.2"], faults: [{ kind: "refused", path: 0 }] }, async (
    { clock, prober, target },
  ) => {
    const window = { functionCode: 4 as const, address: 0, count: 6 };
    const read = await runUntil(clock, prober.readWindow(target, window, NEVER));
    ok(read.ok);
    strictEqual(read.value.words.length, 6);
    ok(read.value.bytes > 20);
    const silent = await runUntil(clock, prober.readWindow({ ...target, unitId: 77 }, window, NEVER));
    deepStrictEqual(silent, { ok: false, error: "unit-silent" });
  }));

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
