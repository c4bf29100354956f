import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../../collector/endpoint_queue.ts";
import { createProber } from "../../../collector/prober.ts";
import { createLog } from "../../../lib/log.ts";
import { profileOf } from "../../../lib/profiles/mod.ts";
import { createScans, SCAN_KEPT_MS, type Scans, scansOf, type ScanWish } from "../../../lib/web/scans.ts";
import { LOOPBACK } from "../../fakes/dial_policies.ts";
import { type ManualClock, manualClock, until } from "../../fakes/manual_clock.ts";
import {
  addressWords,
  exceptionFrame,
  type Peer,
  type PeerRequest,
  startPeer,
} from "../../fakes/modbus_peer.ts";

interface Scene {
  readonly clock: ManualClock;
  readonly peer: Peer;
  readonly scans: Scans;
  /** A scan of units 1 to 9; 2, 3 and 5 answer, 7 says nothing before it is let go. */
  wish(name: string, over?: Partial<ScanWish>): ScanWish;
  /** Lets unit 7 answer. */
  letGo(): void;
  /** Resolves when a scan has asked so many. */
  asked(name: string, count: number): Promise<void>;
}

async function withScans(body: (scene: Scene) => Promise<void>): Promise<void> {
  const clock = manualClock(Date.UTC(2026, 10, 2, 10));
  const held = Promise.withResolvers<void>();
  const answer = async (request: PeerRequest) => {
    if (request.unitId === 7) await held.promise;
    return [2, 3, 5].includes(request.unitId) ? addressWords(request) : exceptionFrame(request, 0x0b);
  };
  const peer = await startPeer(answer);
  const rules = {
    connectTimeoutMs: 8_000,
    responseTimeoutMs: 5_000,
    policy: () => Promise.resolve(LOOPBACK),
  };
  const draining = new AbortController();
  const prober = createProber({
    clock,
    // One for all would let one endpoint be scanned by one at a time; here many gateways are meant.
    queues: { ...createEndpointQueues(), run: async (_, work) => ({ ok: true, value: await work() }) },
    findProfile: profileOf,
    rules,
    draining: draining.signal,
  });
  const scans = createScans({
    prober,
    clock,
    log: createLog({ clock, level: "error", write: console.error }),
  });
  const wish = (name: string, over: Partial<ScanWish> = {}): ScanWish => ({
    name,
    personId: 1,
    place: {
      paths: [{ kind: "cellular", host: "127.0.0.1" }],
      endpoint: { port: peer.port, kind: "gateway", pauseMs: 0, responseTimeoutMs: null },
    },
    range: { from: 1, to: 9 },
    ...over,
  });
  const asked = (name: string, count: number) =>
    until(`${name} has asked ${count}`, () => {
      const people = [1, 2, 3, 4].map((personId) => scans.read({ name, personId }));
      return people.some((progress) => progress !== null && progress.asked >= count);
    });
  try {
    await body({ clock, peer, scans, wish, letGo: held.resolve, asked });
  } finally {
    held.resolve();
    draining.abort();
    await peer.close();
  }
}

Deno.test("a scan says how far it is, what it found, and how it ended", () =>
  withScans(async ({ scans, wish, asked, letGo, clock }) => {
    const begun = scans.begin(wish("draft 4"));
    ok(begun.ok);
    deepStrictEqual([begun.value.asked, begun.value.of, begun.value.state], [0, 9, "running"]);
    await asked("draft 4", 6);
    const key = { name: "draft 4", personId: 1 };
    const half = scans.read(key);
    deepStrictEqual(half?.found, [2, 3, 5].map((unitId) => ({ unitId, words: "Answers function 3" })));
    deepStrictEqual([half?.state, half?.endedMs, half?.bytes], ["running", null, null]);
    letGo();
    await until("it has ended", () => scans.read(key)?.state !== "running");
    const end = scans.read(key);
    deepStrictEqual([end?.state, end?.asked, end?.endedMs], ["done", 9, clock.nowMs()]);
    ok((end?.bytes ?? 0) >= 9 * 21);
  }));

Deno.test("a scan is stopped by its name, by the person who began it", () =>
  withScans(async ({ scans, wish, asked, peer }) => {
    scans.begin(wish("draft 4"));
    await asked("draft 4", 6);
    await until("unit 7 has been asked and is silent", () => peer.requests.length === 7);
    strictEqual(await scans.stop({ name: "draft 5", personId: 1 }), false);
    strictEqual(await scans.stop({ name: "draft 4", personId: 2 }), false);
    strictEqual(scans.read({ name: "draft 4", personId: 2 }), null, "somebody else does not see it");
    strictEqual(await scans.stop({ name: "draft 4", personId: 1 }), true);
    const end = scans.read({ name: "draft 4", personId: 1 });
    deepStrictEqual([end?.state, end?.asked, end?.found.length], ["stopped", 6, 3]);
    strictEqual(peer.requests.length, 7);
    strictEqual(await scans.stop({ name: "draft 4", personId: 1 }), false, "it has ended");
  }));

Deno.test("one scan runs of a name; when it has ended another one takes its place", () =>
  withScans(async ({ scans, wish, asked }) => {
    scans.begin(wish("draft 4"));
    deepStrictEqual(scans.begin(wish("draft 4")), { ok: false, error: "running" });
    deepStrictEqual(scans.begin(wish("draft 4", { personId: 2 })), { ok: false, error: "running" });
    await scans.stop({ name: "draft 4", personId: 1 });
    const again = scans.begin(wish("draft 4", { range: { from: 1, to: 3 } }));
    ok(again.ok);
    await asked("draft 4", 3);
    await until("it has ended", () => scans.read({ name: "draft 4", personId: 1 })?.state === "done");
  }));

Deno.test("eight scans run at once, three of a person", () =>
  withScans(async ({ scans, wish }) => {
    const names = Array.from(
      { length: 8 },
      (_, i) => ({ name: `draft ${i}`, personId: 1 + Math.floor(i / 3) }),
    );
    for (const key of names) ok(scans.begin(wish(key.name, key)).ok, key.name);
    deepStrictEqual(scans.begin(wish("one more", { personId: 4 })), { ok: false, error: "too-many" });
    await scans.stop({ name: "draft 7", personId: 3 });
    deepStrictEqual(scans.begin(wish("one more", { personId: 1 })), { ok: false, error: "too-many" });
    ok(scans.begin(wish("one more", { personId: 4 })).ok);
    for (const key of [...names, { name: "one more", personId: 4 }]) await scans.stop(key);
  }));

Deno.test("a scan without any unit to ask is not begun", () =>
  withScans(({ scans, wish }) => {
    const begun = scans.begin(wish("draft 4", { range: { from: 250, to: 254 } }));
    deepStrictEqual(begun, { ok: false, error: "no-units" });
    return Promise.resolve();
  }));

Deno.test("a scan is kept for ten minutes after its end, or until it is forgotten", () =>
  withScans(async ({ scans, wish, clock }) => {
    const key = { name: "draft 4", personId: 1 };
    scans.begin(wish("draft 4"));
    await scans.stop(key);
    await clock.advance(SCAN_KEPT_MS - 1);
    strictEqual(scans.read(key)?.state, "stopped");
    await clock.advance(1);
    strictEqual(scans.read(key), null);
    scans.begin(wish("draft 4"));
    await scans.forget({ ...key, personId: 2 });
    strictEqual(scans.read(key)?.state, "running", "nobody else forgets it");
    await scans.forget(key);
    strictEqual(scans.read(key), null);
  }));

Deno.test("whoever follows a scan hears of each change once, and lets go by leaving", () =>
  withScans(async ({ scans, wish }) => {
    const key = { name: "draft 4", personId: 1 };
    const begun = scans.begin(wish("draft 4"));
    if (!begun.ok) throw new Error(begun.error);
    const leaving = new AbortController();
    const left = scans.changed(begun.value, leaving.signal);
    strictEqual(scans.followers(key), 1);
    leaving.abort();
    await left;
    strictEqual(scans.followers(key), 0);
    const stays = new AbortController().signal;
    const changed = scans.changed(begun.value, stays);
    await scans.stop(key);
    await changed;
    await scans.changed(begun.value, stays); // it stands otherwise already
    strictEqual(scans.followers({ ...key, personId: 2 }), 0, "of somebody else's nothing is told");
  }));

Deno.test("what has ended does not pile up", () =>
  withScans(async ({ scans, wish }) => {
    for (let i = 0; i < 70; i++) {
      scans.begin(wish(`draft ${i}`));
      await scans.stop({ name: `draft ${i}`, personId: 1 });
    }
    strictEqual(scans.read({ name: "draft 0", personId: 1 }), null);
    strictEqual(scans.read({ name: "draft 69", personId: 1 })?.state, "stopped");
  }));

Deno.test("scansOf() gives the same scans for the same prober", () => {
  const clock = manualClock(0);
  const log = createLog({ clock, level: "error", write: console.error });
  const prober = { scan: () => Promise.reject(new Error("not asked here")) };
  strictEqual(scansOf({ prober, clock, log }), scansOf({ prober, clock, log }));
});

Deno.test("a fault of ours ends a scan as failed, and stands in the log", async () => {
  const clock = manualClock(0);
  const lines: string[] = [];
  const log = createLog({ clock, level: "error", write: (line) => void lines.push(line) });
  const scans = createScans({ prober: { scan: () => Promise.reject(new Error("boom")) }, clock, log });
  const endpoint = { port: 502, kind: "gateway", pauseMs: 0, responseTimeoutMs: null } as const;
  const place = { paths: [{ kind: "wired", host: "192.0.2.1" } as const], endpoint };
  scans.begin({ name: "draft 4", personId: 1, place, range: { from: 1, to: 2 } });
  await until("it has failed", () => scans.read({ name: "draft 4", personId: 1 })?.state === "failed");
  strictEqual(lines.length, 1);
});
