import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../collector/endpoint_queue.ts";
import { createProber } from "../../collector/prober.ts";
import { type ProbePlace, SCAN_MS, type ScannedUnit } from "../../lib/domain/probe.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { LOOPBACK } from "../fakes/dial_policies.ts";
import { manualClock, runUntil, until } from "../fakes/manual_clock.ts";
import {
  addressWords,
  exceptionFrame,
  type Peer,
  type PeerAnswer,
  type PeerRequest,
  startPeer,
} from "../fakes/modbus_peer.ts";
import { meter, startSimulated } from "./simulated.ts";

const START_MS = Date.UTC(2026, 10, 2, 10, 0, 7);
const NEVER = new AbortController().signal;

function scene() {
  const clock = manualClock(START_MS);
  const queues = createEndpointQueues();
  const policy = () => Promise.resolve(LOOPBACK);
  const rules = { connectTimeoutMs: 8_000, responseTimeoutMs: 5_000, policy };
  const draining = new AbortController();
  const prober = createProber({ clock, queues, findProfile: profileOf, rules, draining: draining.signal });
  return { clock, queues, prober, draining };
}

function placeAt(port: number, kind: ProbePlace["endpoint"]["kind"] = "gateway"): ProbePlace {
  return {
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoint: { port, kind, pauseMs: 0, responseTimeoutMs: null },
  };
}

async function withPeer(
  answer: (request: PeerRequest) => PeerAnswer,
  body: (peer: Peer) => Promise<void>,
): Promise<void> {
  const peer = await startPeer(answer);
  try {
    await body(peer);
  } finally {
    await peer.close();
  }
}

const idsOf = (units: readonly ScannedUnit[], state: ScannedUnit["state"]) =>
  units.filter((unit) => unit.state === state).map(({ unitId }) => unitId);

Deno.test("scan() finds the three units of twenty that are there, and says what it cost", async () => {
  const { clock, prober } = scene();
  const units = [3, 7, 12].map((unitId) => meter(unitId, "eastron-sdm630"));
  const site = await startSimulated(clock, { endpoints: [{ port: 0, kind: "gateway", meters: units }] });
  const seen: ScannedUnit[] = [];
  const place = placeAt(site.endpoints[0]?.port ?? 0);
  const end = await runUntil(
    clock,
    prober.scan(place, { from: 1, to: 20 }, { onUnit: (unit) => void seen.push(unit), signal: NEVER }),
  );
  deepStrictEqual(idsOf(seen, "answers"), [3, 7, 12]);
  deepStrictEqual(seen.map(({ unitId }) => unitId), Array.from({ length: 20 }, (_, i) => i + 1));
  strictEqual(end.state, "done");
  deepStrictEqual([end.asked, end.of, end.reason], [20, 20, null]);
  ok(end.bytes >= 20 * (12 + 9));
  await until("the connection is closed", () => site.endpoints[0]?.connections() === 0);
  await site.close();
});

Deno.test("scan() is stopped between two units once it has found three", async () => {
  const { clock, prober, queues } = scene();
  const stop = new AbortController();
  const seen: ScannedUnit[] = [];
  const answer = (request: PeerRequest) =>
    [2, 4, 5].includes(request.unitId) ? addressWords(request) : exceptionFrame(request, 0x0b);
  await withPeer(answer, async (peer) => {
    const onUnit = (unit: ScannedUnit) => {
      seen.push(unit);
      if (idsOf(seen, "answers").length === 3) stop.abort();
    };
    const scan = prober.scan(placeAt(peer.port), { from: 1, to: 20 }, { onUnit, signal: stop.signal });
    const end = await runUntil(clock, scan);
    deepStrictEqual([end.state, end.asked, end.of], ["stopped", 5, 20]);
    deepStrictEqual(idsOf(seen, "answers"), [2, 4, 5]);
    strictEqual(peer.requests.length, 5);
    strictEqual(queues.size(), 0);
  });
});

Deno.test("scan() is stopped while it waits for a unit that keeps silent", async () => {
  const { clock, prober } = scene();
  const stop = new AbortController();
  const asked = Promise.withResolvers<void>();
  const answer = () => {
    asked.resolve();
    return null;
  };
  await withPeer(answer, async (peer) => {
    const scan = prober.scan(placeAt(peer.port), { from: 1, to: 9 }, {
      onUnit: () => {},
      signal: stop.signal,
    });
    await asked.promise;
    stop.abort();
    const end = await scan;
    deepStrictEqual([end.state, end.asked], ["stopped", 0]);
    strictEqual(clock.nowMs(), START_MS);
  });
});

Deno.test("scan() takes an exception for an answer, and tries input registers then", async () => {
  const { clock, prober } = scene();
  const seen: ScannedUnit[] = [];
  const answer = (request: PeerRequest) => {
    if (request.unitId === 1) return exceptionFrame(request, 2);
    if (request.unitId === 2 && request.functionCode === 3) return exceptionFrame(request, 1);
    return request.unitId === 3 ? exceptionFrame(request, 0x0a) : addressWords(request);
  };
  await withPeer(answer, async (peer) => {
    const onUnit = (unit: ScannedUnit) => void seen.push(unit);
    await runUntil(clock, prober.scan(placeAt(peer.port), { from: 1, to: 4 }, { onUnit, signal: NEVER }));
    deepStrictEqual(seen.map(({ unitId, state, words }) => `${unitId} ${state}: ${words}`), [
      "1 answers: Answers with exception 2",
      "2 answers: Answers function 4",
      "3 silent: Silent",
      "4 answers: Answers function 3",
    ]);
    strictEqual(peer.requests.length, 6);
    strictEqual(peer.connections(), 1);
  });
});

Deno.test("scan() asks 0 and 255 only where a device is reached directly, and 248 to 254 never", async () => {
  const { clock, prober } = scene();
  await withPeer((request) => exceptionFrame(request, 2), async (peer) => {
    const asked = async (kind: "gateway" | "device", from: number) => {
      const seen: number[] = [];
      const onUnit = ({ unitId }: ScannedUnit) => void seen.push(unitId);
      const range = { from, to: from + 15 };
      await runUntil(clock, prober.scan(placeAt(peer.port, kind), range, { onUnit, signal: NEVER }));
      return seen;
    };
    deepStrictEqual(await asked("gateway", 240), [240, 241, 242, 243, 244, 245, 246, 247]);
    deepStrictEqual(await asked("device", 240), [240, 241, 242, 243, 244, 245, 246, 247, 255]);
    strictEqual((await asked("gateway", 0))[0], 1);
    strictEqual((await asked("device", 0))[0], 0);
  });
});

Deno.test("scan() lets a visit in between two units, and hangs up for it", async () => {
  const { clock, prober, queues } = scene();
  const seen: ScannedUnit[] = [];
  let visit: Promise<unknown> = Promise.resolve();
  await withPeer(addressWords, async (peer) => {
    const key = `127.0.0.1|${peer.port}`;
    const onUnit = (unit: ScannedUnit) => {
      seen.push(unit);
      if (unit.unitId === 3) {
        visit = queues.run({ key, signal: NEVER }, () => Promise.resolve(seen.length));
      }
    };
    const scan = prober.scan(placeAt(peer.port), { from: 1, to: 10 }, { onUnit, signal: NEVER });
    const end = await runUntil(clock, scan);
    deepStrictEqual(await visit, { ok: true, value: 3 });
    deepStrictEqual([end.state, end.asked], ["done", 10]);
    strictEqual(peer.connections(), 2);
  });
});

Deno.test("scan() connects anew to a gateway that cuts the line for a unit, and goes on", async () => {
  const { clock, prober } = scene();
  const seen: ScannedUnit[] = [];
  const answer = (request: PeerRequest) => request.unitId % 2 === 0 ? "close" : addressWords(request);
  await withPeer(answer, async (peer) => {
    const onUnit = (unit: ScannedUnit) => void seen.push(unit);
    const scan = prober.scan(placeAt(peer.port), { from: 1, to: 6 }, { onUnit, signal: NEVER });
    strictEqual((await runUntil(clock, scan)).state, "done");
    deepStrictEqual(idsOf(seen, "answers"), [1, 3, 5]);
    deepStrictEqual(idsOf(seen, "silent"), [2, 4, 6]);
  });
});

Deno.test("scan() gives up a port that talks nonsense, and one that refuses", async () => {
  const { clock, prober } = scene();
  let port = 0;
  await withPeer(() => new TextEncoder().encode("220 mail.example ESMTP ready\r\n"), async (peer) => {
    port = peer.port;
    const scan = prober.scan(placeAt(port), { from: 1, to: 100 }, { onUnit: () => {}, signal: NEVER });
    const { state, asked, reason } = await runUntil(clock, scan);
    deepStrictEqual({ state, asked, reason }, { state: "lost", asked: 5, reason: "bad-frame" });
  });
  const scan = prober.scan(placeAt(port), { from: 1, to: 100 }, { onUnit: () => {}, signal: NEVER });
  const { state, asked, reason } = await runUntil(clock, scan);
  deepStrictEqual({ state, asked, reason }, { state: "lost", asked: 0, reason: "refused" });
});

Deno.test("scan() ends after ten minutes, and says how far it came", async () => {
  const { clock, prober } = scene();
  await withPeer(() => null, async (peer) => {
    const place = placeAt(peer.port);
    const patient = { ...place, endpoint: { ...place.endpoint, responseTimeoutMs: 60_000 } };
    const scan = prober.scan(patient, { from: 1, to: 247 }, { onUnit: () => {}, signal: NEVER });
    const end = await runUntil(clock, scan);
    deepStrictEqual([end.state, end.of], ["late", 247]);
    ok(end.asked >= 9 && end.asked <= 10);
    strictEqual(end.tookMs, SCAN_MS);
  });
});

Deno.test("scan() stops when the process is told to", async () => {
  const { clock, prober, draining } = scene();
  await withPeer(addressWords, async (peer) => {
    const onUnit = ({ unitId }: ScannedUnit) => unitId === 2 && draining.abort();
    const scan = prober.scan(placeAt(peer.port), { from: 1, to: 9 }, { onUnit, signal: NEVER });
    const end = await runUntil(clock, scan);
    match(end.state, /stopped/);
    strictEqual(end.asked, 2);
  });
});
