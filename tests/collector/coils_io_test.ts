/**
 * Single bits over function codes 1 and 2, which are kept as one word each.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { dialModbus, type ModbusConnection } from "../../collector/modbus.ts";
import { defineProfile } from "../../lib/profiles/profile.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { LOOPBACK } from "../fakes/dial_policies.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";
import { exceptionFrame, frame, type PeerAnswer, type PeerRequest, startPeer } from "../fakes/modbus_peer.ts";
import { withScene } from "./probing.ts";

const NEVER = new AbortController().signal;

async function withConnection(
  answer: (request: PeerRequest) => PeerAnswer,
  body: (connection: ModbusConnection, requests: readonly PeerRequest[]) => Promise<void>,
): Promise<void> {
  const peer = await startPeer(answer);
  const clock = manualClock(0);
  const dialled = await dialModbus({
    host: "127.0.0.1",
    port: peer.port,
    timeoutMs: 8_000,
    policy: LOOPBACK,
    clock,
    signal: NEVER,
  });
  ok(dialled.ok);
  try {
    await body(dialled.value, peer.requests);
  } finally {
    dialled.value.close();
    await peer.close();
  }
}

const bits = (request: PeerRequest, ...bytes: number[]) =>
  frame(request, [request.unitId, request.functionCode, bytes.length, ...bytes]);
const asked = (functionCode: 1 | 2, address: number, count: number) =>
  ({ unitId: 1, functionCode, address, count, timeoutMs: 5_000, signal: NEVER }) as const;

Deno.test("a coil is read as one word, the first of a byte is its lowest bit, and what fills up is left out", () =>
  withConnection((r) => bits(r, 0b1010_0101, 0b1111_1110), async (connection, requests) => {
    const want = [1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1];
    deepStrictEqual(await connection.read(asked(1, 19, 11)), { ok: true, value: want });
    deepStrictEqual(await connection.read(asked(2, 0, 9)), { ok: true, value: want.slice(0, 9) });
    deepStrictEqual(requests.map(({ functionCode, address, count }) => [functionCode, address, count]), [
      [1, 19, 11],
      [2, 0, 9],
    ]);
  }));

Deno.test("125 coils are read at once", () =>
  withConnection((r) => bits(r, ...Array.from({ length: 16 }, () => 0xff)), async (connection) => {
    const read = await connection.read(asked(1, 0, 125));
    deepStrictEqual(read.ok && read.value, Array.from({ length: 125 }, () => 1));
  }));

for (
  const [name, answer, reason] of [
    ["too few bytes", (r: PeerRequest) => bits(r, 1), { kind: "bad-frame" }],
    ["too many bytes", (r: PeerRequest) => bits(r, 1, 2, 3), { kind: "bad-frame" }],
    ["registers instead of coils", (r: PeerRequest) => frame(r, [1, 3, 2, 0, 1]), { kind: "bad-frame" }],
    ["no such coil", (r: PeerRequest) => exceptionFrame(r, 2), { kind: "exception", code: 2 }],
  ] as const
) {
  Deno.test(`a coil is not made up when the device sends ${name}`, () =>
    withConnection(answer, async (connection) => {
      deepStrictEqual(await connection.read(asked(1, 0, 11)), { ok: false, error: reason });
    }));
}

const PROFILE = defineProfile({
  id: "with-coils",
  version: 1,
  vendor: "Nobody",
  models: ["Relay box"],
  kind: "io",
  source: "made for this test alone",
  confidence: "unverified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 60,
  gapWords: 4,
  requestMs: 100,
  maxPowerW: null,
  registers: {
    relay1: { address: 3, encoding: "bit", bit: 0, functionCode: 1, kind: "state", unit: "" },
    relay2: { address: 7, encoding: "bit", bit: 0, functionCode: 1, kind: "state", unit: "" },
    door: { address: 3, encoding: "bit", bit: 0, functionCode: 2, kind: "state", unit: "" },
    roomC: { address: 3, encoding: "u16", kind: "gauge", unit: "°C", scale: 0.1, offset: -40, decimals: 1 },
  },
});

Deno.test("coils, discrete inputs and a temperature with an offset are read side by side from one device", () =>
  withScene({
    findProfile: (id) => id === "with-coils" ? PROFILE : profileOf(id),
    endpoints: [{
      port: 0,
      kind: "gateway",
      meters: [{
        name: "Relays",
        unitId: 9,
        profileId: "with-coils",
        profile: PROFILE,
        endUse: null,
        maxPowerW: 1,
        seed: 1,
        says: { relay1: 1, relay2: 0, door: 1, roomC: -12.3 },
      }],
    }],
  }, async ({ clock, prober, target, probe }) => {
    const { values } = await probe({ unitId: 9, profileId: "with-coils" });
    deepStrictEqual(
      values.map(({ quantity, value }) => [quantity, value.ok ? value.value : value.error]),
      [
        ["relay1", 1],
        ["relay2", 0],
        ["door", 1],
        ["roomC", -12.3],
      ],
    );
    const window = { functionCode: 1 as const, address: 3, count: 5 };
    const read = await runUntil(clock, prober.readWindow({ ...target, unitId: 9 }, window, NEVER));
    deepStrictEqual(read.ok && read.value.words, [1, 0, 0, 0, 0]);
  }));
