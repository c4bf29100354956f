import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../collector/endpoint_queue.ts";
import type { FindProfile } from "../../collector/visit_plan.ts";
import type { ProbeStep, SeenStep } from "../../lib/domain/probe.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { manualClock, runUntil, until } from "../fakes/manual_clock.ts";
import { meter, ofUnit2 } from "./simulated.ts";
import { ALL_GOOD, NEVER, proberAt, START_MS, statesOf, stepIn, targetAt, withScene } from "./probing.ts";

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

Deno.test("probe() without a profile of that name asks the unit alone", () =>
  withScene({}, async ({ probe }) => {
    const report = await probe({ profileId: "nobody-nothing" });
    match(stepIn(report, "unit").seen, /so it is there$/);
    strictEqual(stepIn(report, "block").seen, 'Not read: there is no profile "nobody-nothing"');
  }));

Deno.test("probe() tells each step when it is known, and in the end no other than it reports", () =>
  withScene({ hosts: ["127.0.0.1", "127.0.0.2"], faults: [{ kind: "refused", path: 0 }] }, async (
    { clock, prober, target },
  ) => {
    const seen = new Map<number, ProbeStep>();
    const heard: string[] = [];
    const onStep = ({ place, step }: SeenStep) => {
      seen.set(place, step);
      heard.push(step.kind);
    };
    const report = await runUntil(clock, prober.probe(target, NEVER, { onStep }));
    ok(report.ok);
    deepStrictEqual(
      [...seen].sort(([one], [other]) => one - other).map(([, step]) => step),
      report.value.steps,
    );
    deepStrictEqual(heard, ["path", "connect", "path", "connect", "unit", "block", "plausible"]);
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
