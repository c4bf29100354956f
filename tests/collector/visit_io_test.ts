import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../collector/endpoint_queue.ts";
import { type VisitOptions, type VisitResult, visitSite } from "../../collector/visit.ts";
import { planVisit } from "../../collector/visit_plan.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { Fault } from "../../lib/simulator/spec.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";
import {
  addressWords,
  exceptionFrame,
  type PeerRequest,
  startPeer,
  wordsFrame,
} from "../fakes/modbus_peer.ts";
import { LOOPBACK } from "../fakes/dial_policies.ts";
import { meter, ofUnit2, planOf, siteSpec, startSimulated } from "./simulated.ts";

const START_MS = Date.UTC(2026, 10, 2, 10, 0, 7);
const RULES = { connectTimeoutMs: 8_000, responseTimeoutMs: 5_000, policy: () => Promise.resolve(LOOPBACK) };

function visit(
  clock: ReturnType<typeof manualClock>,
  site: SitePlan,
  over: Partial<VisitOptions> = {},
): Promise<VisitResult> {
  const plan = planVisit(site, { findProfile: profileOf, wants: () => true });
  const tools = { clock, rules: RULES, queues: createEndpointQueues() };
  return runUntil(clock, visitSite(tools, { site, plan, deadlineMs: 60_000, ...over }));
}

/** What a meter's channels ended with: `read`, or their reasons. */
function endsOf(result: VisitResult, site: SitePlan, meterId: number): readonly string[] {
  const own = site.channels.filter((channel) => channel.meterId === meterId);
  return [
    ...new Set(own.map(({ id }) => {
      const outcome = result.outcomes.get(id);
      if (outcome?.kind === "read") return outcome.value.ok ? "read" : outcome.value.error;
      return outcome?.reason ?? "nothing";
    })),
  ];
}

Deno.test("visitSite() brings home every channel over one connection an endpoint", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock);
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.outcomes.size, site.channels.length);
  strictEqual([...result.outcomes.values()].every(({ kind }) => kind === "read"), true);
  deepStrictEqual(result.attempts.map(({ endpointId, reason }) => [endpointId, reason]).sort(), [
    [1, null],
    [2, null],
    [3, null],
  ]);
  strictEqual(result.attempts.every(({ bytes, requests }) => bytes > 0 && requests > 0), true);
  strictEqual(result.attempts.at(-1)?.endpointId, 3, "the router comes last");
  strictEqual(result.pathId, 1);
  const energy = site.channels.find(({ quantity, meterId }) => quantity === "importWh" && meterId === 11);
  const outcome = result.outcomes.get(energy?.id ?? 0);
  const simulated = running.endpoints[0]?.meters[0]?.readingAt(START_MS)["importWh"];
  ok(outcome?.kind === "read" && outcome.value.ok && simulated);
  await running.close();
});

const FAULTS: readonly { readonly fault: Fault; readonly reason: string }[] = [
  { fault: { kind: "silent" }, reason: "unit-silent" },
  { fault: { kind: "hang" }, reason: "response-timeout" },
  { fault: { kind: "exception", code: 2 }, reason: "exception-2" },
  { fault: { kind: "exception", code: 6 }, reason: "exception-6" },
  { fault: { kind: "exception", code: 0x0a }, reason: "path-unavailable" },
  { fault: { kind: "wrong-transaction" }, reason: "bad-frame" },
  { fault: { kind: "garbage" }, reason: "bad-frame" },
  { fault: { kind: "half-frame" }, reason: "bad-frame" },
  { fault: { kind: "dropped" }, reason: "closed" },
];
for (const { fault, reason } of FAULTS) {
  const code = fault.kind === "exception" ? ` ${fault.code}` : "";
  Deno.test(`visitSite() calls ${fault.kind}${code} of one meter ${reason} and reads all the others`, async () => {
    const clock = manualClock(START_MS);
    const running = await startSimulated(clock, { faults: [ofUnit2(fault)] });
    const site = planOf(running);
    const result = await visit(clock, site);
    deepStrictEqual(endsOf(result, site, 12), [reason]);
    deepStrictEqual(endsOf(result, site, 11), ["read"]);
    deepStrictEqual(endsOf(result, site, 21), ["read"]);
    ok(result.attempts.filter(({ endpointId }) => endpointId === 1).length <= 2, "reopened at most once");
    strictEqual(result.attempts.filter(({ endpointId }) => endpointId === 2).length, 1);
    await running.close();
  });
}

Deno.test("visitSite() calls the counters of a meter without phases not-a-number", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, { faults: [ofUnit2({ kind: "nan" })] });
  const site = planOf(running);
  const result = await visit(clock, site);
  deepStrictEqual(endsOf(result, site, 12), ["not-a-number"]);
  deepStrictEqual(endsOf(result, site, 11), ["read"]);
  await running.close();
});

Deno.test("visitSite() waits for a slow meter as long as it may", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, { faults: [ofUnit2({ kind: "slow", ms: 20 })] });
  const site = planOf(running);
  deepStrictEqual(endsOf(await visit(clock, site), site, 12), ["read"]);
  await running.close();
});

Deno.test("visitSite() takes the way in that answers, in the order of rank, and says which", async () => {
  const clock = manualClock(START_MS);
  const hosts = ["127.0.0.1", "127.0.0.2"];
  const running = await startSimulated(clock, { hosts, faults: [{ kind: "refused", path: 0 }] });
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.pathId, 2);
  strictEqual([...result.outcomes.values()].every(({ kind }) => kind === "read"), true);
  const refused = result.attempts.filter(({ reason }) => reason === "refused");
  strictEqual(refused.every(({ pathId, requests }) => pathId === 1 && requests === 0), true);
  strictEqual(
    refused.some(({ endpointId }) => endpointId === 3),
    false,
    "the router is asked where others answered",
  );
  await running.setFaults([]);
  strictEqual((await visit(clock, site)).pathId, 1);
  await running.close();
});

const SILENT_PATHS: readonly { readonly name: string; readonly fault: Fault; readonly reason: string }[] = [
  { name: "accepts and is silent", fault: { kind: "hang", path: 0 }, reason: "response-timeout" },
  { name: "answers with what is no Modbus", fault: { kind: "garbage", path: 0 }, reason: "bad-frame" },
  { name: "accepts and closes", fault: { kind: "dropped", path: 0 }, reason: "closed" },
];
for (const { name, fault, reason } of SILENT_PATHS) {
  Deno.test(`visitSite() takes the second way in when the main one ${name}`, async () => {
    const clock = manualClock(START_MS);
    const running = await startSimulated(clock, { hosts: ["127.0.0.1", "127.0.0.2"], faults: [fault] });
    const site = planOf(running);
    const result = await visit(clock, site);
    strictEqual(result.pathId, 2);
    strictEqual([...result.outcomes.values()].every(({ kind }) => kind === "read"), true);
    const silent = result.attempts.filter(({ pathId }) => pathId === 1);
    ok(silent.length > 0);
    strictEqual(silent.every((attempt) => attempt.requests === 0 && attempt.reason === reason), true);
    const heard = result.attempts.filter(({ pathId }) => pathId === 2);
    deepStrictEqual(heard.map(({ endpointId, requests }) => [endpointId, requests > 0]).sort(), [
      [1, true],
      [2, true],
      [3, true],
    ]);
    ok(clock.nowMs() - START_MS < 60_000);
    await running.close();
  });
}

Deno.test("visitSite() leaves time for the second way in however many meters are silent over the main one", async () => {
  const clock = manualClock(START_MS);
  const meters = Array.from({ length: 12 }, (_, i) => meter(i + 1, "eastron-sdm120"));
  const running = await startSimulated(clock, {
    hosts: ["127.0.0.1", "127.0.0.2"],
    endpoints: [{ port: 0, kind: "gateway", meters }, ...siteSpec().endpoints.slice(2)],
    faults: [{ kind: "hang", path: 0 }],
  });
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.pathId, 2);
  strictEqual([...result.outcomes.values()].every(({ kind }) => kind === "read"), true);
  await running.close();
});

Deno.test("visitSite() names no way in when all of them are silent", async () => {
  const clock = manualClock(START_MS);
  const hosts = ["127.0.0.1", "127.0.0.2"];
  const running = await startSimulated(clock, { hosts, faults: [{ kind: "hang" }] });
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.pathId, null);
  deepStrictEqual(
    new Set([...result.outcomes.values()].map((o) => o.kind === "missing" ? o.reason : "read")),
    new Set(["response-timeout"]),
  );
  deepStrictEqual(new Set(result.attempts.map(({ pathId }) => pathId)), new Set([1, 2]));
  strictEqual(result.attempts.every(({ requests, reason }) => requests === 0 && reason !== null), true);
  await running.close();
});

Deno.test("visitSite() stays with the way in over which a device answers, if only with an exception", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, {
    hosts: ["127.0.0.1", "127.0.0.2"],
    faults: [{ kind: "hang", endpoint: 0 }, { kind: "exception", code: 2, endpoint: 1 }, {
      kind: "hang",
      endpoint: 2,
    }],
  });
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.pathId, 1);
  strictEqual(result.attempts.some(({ pathId }) => pathId === 2), false);
  deepStrictEqual(endsOf(result, site, 21), ["exception-2"]);
  await running.close();
});

Deno.test("visitSite() asks an endpoint again over the way in that answers elsewhere", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, {
    hosts: ["127.0.0.1", "127.0.0.2"],
    faults: [{ kind: "hang", path: 0, endpoint: 0 }, { kind: "refused", path: 0, endpoint: 1 }],
  });
  const site = planOf(running);
  const result = await visit(clock, site);
  strictEqual(result.pathId, 2);
  strictEqual([...result.outcomes.values()].every(({ kind }) => kind === "read"), true);
  await running.close();
});

Deno.test("visitSite() gives every channel of a dead site one reason", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, { faults: [{ kind: "refused" }] });
  const site = planOf(running);
  const result = await visit(clock, site);
  deepStrictEqual(
    new Set([...result.outcomes.values()].map((o) => o.kind === "missing" ? o.reason : "read")),
    new Set(["refused"]),
  );
  strictEqual(result.pathId, null);
  await running.close();
});

Deno.test("visitSite() ends at its deadline and keeps what it has", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, { faults: [ofUnit2({ kind: "hang" })] });
  const site = planOf(running);
  const result = await visit(clock, site, { deadlineMs: 4_000 });
  deepStrictEqual(endsOf(result, site, 12), ["visit-deadline"]);
  deepStrictEqual(endsOf(result, site, 21), ["read"]);
  strictEqual(clock.nowMs() - START_MS <= 4_000, true);
  await running.close();
});

/** A site whose only endpoint is a peer that the test plays. */
async function withPeer(
  answer: (request: PeerRequest) => ReturnType<Parameters<typeof startPeer>[0]>,
  body: (
    seen: {
      peer: Awaited<ReturnType<typeof startPeer>>;
      site: SitePlan;
      clock: ReturnType<typeof manualClock>;
    },
  ) => Promise<void>,
) {
  const clock = manualClock(START_MS);
  const peer = await startPeer(answer);
  const running = await startSimulated(clock, { endpoints: siteSpec().endpoints.slice(0, 1) });
  const plan = planOf(running);
  await running.close();
  const site = { ...plan, endpoints: plan.endpoints.map((endpoint) => ({ ...endpoint, port: peer.port })) };
  await body({ peer, site, clock });
  await peer.close();
}

Deno.test("visitSite() asks a busy meter again and an illegal address not", async () => {
  let busy = 0;
  const answer = (request: PeerRequest) => {
    if (request.unitId === 2) return exceptionFrame(request, 2);
    return busy++ < 2 ? exceptionFrame(request, 6) : addressWords(request);
  };
  await withPeer(answer, async ({ peer, site, clock }) => {
    const result = await visit(clock, site);
    deepStrictEqual(endsOf(result, site, 12), ["exception-2"]);
    const plan = planVisit(site, { findProfile: profileOf, wants: () => true });
    const tasks = plan.endpoints[0]?.tasks ?? [];
    const asked = (unitId: number) => peer.requests.filter((request) => request.unitId === unitId).length;
    strictEqual(asked(2), tasks.filter((task) => task.meter.unitId === 2).length, "each block once");
    strictEqual(asked(1), tasks.filter((task) => task.meter.unitId === 1).length + 2);
  });
});

Deno.test("visitSite() never takes the late answer of a gateway that renumbers for another block", async () => {
  // A gateway that forwards the answer to the request before under the number of the newest one.
  let late: PeerRequest | null = null;
  const answer = (request: PeerRequest) => {
    if (request.connection > 0) return wordsFrame(request, Array(request.count).fill(7));
    const before = late;
    late = request;
    if (before === null) return null;
    return wordsFrame({ ...before, transactionId: request.transactionId }, Array(before.count).fill(0xdead));
  };
  await withPeer(answer, async ({ site, clock, peer }) => {
    const result = await visit(clock, site);
    const words = [...result.outcomes.values()].flatMap((outcome) =>
      outcome.kind === "read" ? outcome.words : []
    );
    deepStrictEqual(new Set(words), new Set([7]));
    strictEqual(peer.connections(), 2);
  });
});

Deno.test("visitSite() reads a counter again that cannot be, once, and takes what it says then", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock);
  const site = planOf(running);
  const energy = site.channels.find(({ quantity, meterId }) => quantity === "importWh" && meterId === 11);
  let doubts = 0;
  const before = running.endpoints[0]?.requests() ?? 0;
  const result = await visit(clock, site, {
    isPlausible: (channelId) => channelId !== energy?.id || doubts++ > 0,
  });
  strictEqual(doubts, 1);
  strictEqual(result.outcomes.get(energy?.id ?? 0)?.kind, "read");
  const plan = planVisit(site, { findProfile: profileOf, wants: () => true });
  strictEqual((running.endpoints[0]?.requests() ?? 0) - before, (plan.endpoints[0]?.tasks.length ?? 0) + 1);
  await running.close();
});

Deno.test("visitSite() does not talk to an endpoint that someone else is talking to", async () => {
  const clock = manualClock(START_MS);
  const running = await startSimulated(clock, { endpoints: siteSpec().endpoints.slice(0, 1) });
  const site = planOf(running);
  const plan = planVisit(site, { findProfile: profileOf, wants: () => true });
  const tools = { clock, rules: RULES, queues: createEndpointQueues() };
  let most = 0;
  const watch = setInterval(() => most = Math.max(most, running.endpoints[0]?.connections() ?? 0), 1);
  const both = await runUntil(
    clock,
    Promise.all([1, 2].map(() => visitSite(tools, { site, plan, deadlineMs: 60_000 }))),
  );
  clearInterval(watch);
  strictEqual(
    both.every(({ outcomes }) => [...outcomes.values()].every(({ kind }) => kind === "read")),
    true,
  );
  strictEqual(most, 1);
  await running.close();
});

Deno.test("visitSite() believes the byte order of a position that lies nearer to the site", async () => {
  // 51.50024 with its bytes reversed; in the other order it is a believable 2.00478.
  const words = [0x4000, 0x4e42];
  const answer = (request: PeerRequest) =>
    wordsFrame(
      request,
      Array.from({ length: request.count }, (_, i) => words[(request.address + i + 1) % 2] ?? 0),
    );
  const clock = manualClock(START_MS);
  const peer = await startPeer(answer);
  const running = await startSimulated(clock, { endpoints: siteSpec().endpoints.slice(2) });
  const plan = planOf(running);
  await running.close();
  const endpoints = plan.endpoints.map((endpoint) => ({ ...endpoint, port: peer.port }));
  const CASES = [
    { latitude: 51.5, longitude: 2, want: [5_150_024, 200_478] },
    { latitude: null, longitude: null, want: [200_478, 200_478] },
  ];
  for (const { want, ...place } of CASES) {
    const result = await visit(clock, { ...plan, endpoints, site: { ...plan.site, ...place } });
    const valueOf = (quantity: string) => {
      const outcome = result.outcomes.get(plan.channels.find((it) => it.quantity === quantity)?.id ?? 0);
      return outcome?.kind === "read" && outcome.value.ok && outcome.value.value.kind === "gauge"
        ? outcome.value.value.value
        : null;
    };
    deepStrictEqual([valueOf("latitudeDeg"), valueOf("longitudeDeg")], want);
  }
  await peer.close();
});
