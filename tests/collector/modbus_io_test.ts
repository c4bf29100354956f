import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createServer } from "node:net";
import { dialModbus, type ModbusConnection } from "../../collector/modbus.ts";
import { reasonOf } from "../../collector/read_error.ts";
import { LOOPBACK, STRICT } from "../fakes/dial_policies.ts";
import { manualClock, until } from "../fakes/manual_clock.ts";
import {
  addressWords,
  exceptionFrame,
  frame,
  type Peer,
  type PeerAnswer,
  type PeerRequest,
  startPeer,
  wordsFrame,
} from "../fakes/modbus_peer.ts";

const NEVER = new AbortController().signal;
const REQUEST = {
  unitId: 1,
  functionCode: 3,
  address: 100,
  count: 2,
  timeoutMs: 5_000,
  signal: NEVER,
} as const;

function dial(clock = manualClock(0), over: Partial<Parameters<typeof dialModbus>[0]> = {}) {
  return dialModbus({
    host: "127.0.0.1",
    port: 502,
    timeoutMs: 8_000,
    policy: LOOPBACK,
    clock,
    signal: NEVER,
    ...over,
  });
}

interface Table {
  readonly peer: Peer;
  readonly connection: ModbusConnection;
  readonly clock: ReturnType<typeof manualClock>;
}

async function withPeer(answer: (request: PeerRequest) => PeerAnswer, body: (table: Table) => Promise<void>) {
  const peer = await startPeer(answer);
  const clock = manualClock(0);
  const dialled = await dial(clock, { port: peer.port });
  if (!dialled.ok) throw new Error(`Cannot dial: ${dialled.error.kind}`);
  try {
    await body({ peer, connection: dialled.value, clock });
  } finally {
    dialled.value.close();
    await peer.close();
  }
  strictEqual(clock.sleepers(), 0, "no timer outlives its request");
}

Deno.test("dialModbus() reads the words asked for and counts every byte", () =>
  withPeer(addressWords, async ({ connection }) => {
    deepStrictEqual(await connection.read(REQUEST), { ok: true, value: [100, 101] });
    deepStrictEqual(await connection.read({ ...REQUEST, functionCode: 4, address: 7, count: 1 }), {
      ok: true,
      value: [7],
    });
    strictEqual(connection.bytes(), 12 + 13 + 12 + 11);
  }));

Deno.test("dialModbus() tries a name's other addresses when the first does not connect, judging each", async () => {
  const peer = await startPeer(addressWords);
  const clock = manualClock(0);
  try {
    const named = (addresses: readonly string[], policy = LOOPBACK) =>
      dial(clock, {
        host: "router.example",
        port: peer.port,
        policy,
        resolve: () => Promise.resolve(addresses),
      });
    const found = await named(["127.0.0.2", "169.254.169.254", "127.0.0.1"]);
    if (!found.ok) throw new Error(`Cannot dial: ${found.error.kind}`);
    deepStrictEqual(await found.value.read(REQUEST), { ok: true, value: [100, 101] });
    found.value.close();
    deepStrictEqual(await named(["127.0.0.2", "127.0.0.3"]), { ok: false, error: { kind: "refused" } });
    deepStrictEqual(await named(["127.0.0.1", "169.254.169.254"], STRICT), {
      ok: false,
      error: { kind: "address-not-allowed" },
    });
    strictEqual(clock.sleepers(), 0, "no timer outlives its dialling");
  } finally {
    await peer.close();
  }
});

const ANSWERS: readonly {
  readonly name: string;
  readonly answer: (request: PeerRequest) => PeerAnswer;
  readonly reason: string;
}[] = [
  { name: "an illegal address", answer: (r) => exceptionFrame(r, 2), reason: "exception-2" },
  { name: "a busy device", answer: (r) => exceptionFrame(r, 6), reason: "exception-6" },
  { name: "a gateway without a path", answer: (r) => exceptionFrame(r, 0x0a), reason: "path-unavailable" },
  {
    name: "a meter that the gateway cannot hear",
    answer: (r) => exceptionFrame(r, 0x0b),
    reason: "unit-silent",
  },
  { name: "too few words", answer: (r) => wordsFrame(r, [1]), reason: "bad-frame" },
  { name: "too many words", answer: (r) => wordsFrame(r, [1, 2, 3]), reason: "bad-frame" },
  {
    name: "a byte count that lies",
    answer: (r) => frame(r, [r.unitId, r.functionCode, 2, 0, 1, 0, 2]),
    reason: "bad-frame",
  },
  { name: "another unit", answer: (r) => wordsFrame({ ...r, unitId: 9 }, [1, 2]), reason: "bad-frame" },
  {
    name: "another function",
    answer: (r) => wordsFrame({ ...r, functionCode: 4 }, [1, 2]),
    reason: "bad-frame",
  },
  { name: "garbage", answer: () => new TextEncoder().encode("NO CARRIER\r\n"), reason: "bad-frame" },
  {
    name: "a length that would silence the library for good",
    answer: (r) => frame({ ...r, length: 0xffff }, [1, 3, 4, 0, 1, 0, 2]),
    reason: "bad-frame",
  },
  { name: "a dropped connection", answer: () => "close", reason: "closed" },
];
for (const { name, answer, reason } of ANSWERS) {
  Deno.test(`read() calls ${name} ${reason}, at once`, () =>
    withPeer(answer, async ({ connection }) => {
      const read = await connection.read(REQUEST);
      strictEqual(read.ok ? "" : reasonOf(read.error), reason);
    }));
}

const SILENCES: readonly (readonly [string, (request: PeerRequest) => PeerAnswer, string])[] = [
  ["nothing", () => null, "response-timeout"],
  ["half a frame", (r) => wordsFrame(r, [1, 2]).slice(0, 9), "bad-frame"],
  ["a transaction id never sent", (r) => wordsFrame({ ...r, transactionId: 999 }, [1, 2]), "bad-frame"],
];
for (const [name, answer, reason] of SILENCES) {
  Deno.test(`read() calls ${name} ${reason} once its own deadline is over`, () =>
    withPeer(answer, async ({ connection, clock, peer }) => {
      const reading = connection.read(REQUEST);
      await until("the request is there", () => peer.requests.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 20)); // so that what is sent arrives
      await clock.advance(4_999);
      strictEqual(await Promise.race([reading, Promise.resolve("waits")]), "waits");
      await clock.advance(1);
      const read = await reading;
      strictEqual(read.ok ? "" : reasonOf(read.error), reason);
    }));
}

Deno.test("read() never takes the late answer to one request for the answer to the next", async () => {
  let sendLate = (_bytes: Uint8Array) => {};
  const answer = (request: PeerRequest): PeerAnswer => {
    if (request.index === 0) {
      return new Promise((resolve) => sendLate = () => resolve(wordsFrame(request, [0xdead, 0xbeef])));
    }
    return new Promise((resolve) => {
      sendLate(new Uint8Array());
      setTimeout(() => resolve(wordsFrame(request, [7, 8])), 20);
    });
  };
  await withPeer(answer, async ({ connection, clock, peer }) => {
    const first = connection.read(REQUEST);
    await until("the request is there", () => peer.requests.length === 1);
    await clock.advance(5_000);
    strictEqual((await first).ok, false);
    deepStrictEqual(await connection.read(REQUEST), { ok: true, value: [7, 8] });
  });
});

Deno.test("read() gives up when the visit's deadline is over", () =>
  withPeer(() => null, async ({ connection, peer }) => {
    const over = new AbortController();
    const reading = connection.read({ ...REQUEST, signal: over.signal });
    await until("the request is there", () => peer.requests.length === 1);
    over.abort();
    deepStrictEqual(await reading, { ok: false, error: { kind: "visit-deadline" } });
    deepStrictEqual(await connection.read({ ...REQUEST, signal: over.signal }), {
      ok: false,
      error: { kind: "visit-deadline" },
    });
  }));

Deno.test("dialModbus() calls a port where nobody listens refused", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const port = typeof address === "object" && address ? address.port : 0;
  deepStrictEqual(await dial(manualClock(0), { port }), { ok: false, error: { kind: "refused" } });
});

const FORBIDDEN = [
  "127.0.0.1",
  "::1",
  "localhost",
  "0.0.0.0",
  "169.254.169.254",
  "::ffff:127.0.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "127.1",
  "127.0.0.1.",
  "LOCALHOST",
  "localhost.",
  "0",
  "::",
  "0:0:0:0:0:0:0:1",
  "::ffff:7f00:1",
  "::FFFF:127.0.0.1",
  "64:ff9b::7f00:1",
  "fe80::1%lo",
  "::1%lo",
  "2002:7f00:1::",
  "10.0.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "fd00::1",
  "100.100.100.200",
  "fd00:ec2::254",
  "224.0.0.1",
  "255.255.255.255",
  "198.18.0.1",
  "192.0.2.1",
];
for (const host of FORBIDDEN) {
  Deno.test(`dialModbus() does not dial ${host} without leave`, async () => {
    const peer = await startPeer(addressWords);
    const dialled = await dial(manualClock(0), { host, port: peer.port, policy: STRICT });
    // Some resolvers know no name of ours that ends with a dot.
    const kind = dialled.ok ? "dialled" : host.endsWith(".") ? "address-not-allowed" : dialled.error.kind;
    strictEqual(kind, "address-not-allowed");
    strictEqual(peer.connections(), 0);
    await peer.close();
  });
}

Deno.test("dialModbus() asks for a name once and dials what was judged, whatever the name says next", async () => {
  const peer = await startPeer(addressWords);
  const answers = [["127.0.0.2"], ["127.0.0.1"]]; // an ordinary address first, ours when asked again
  let asked = 0;
  const resolve = () => Promise.resolve(answers[asked++] ?? []);
  const policy = { ...LOOPBACK, own: [{ address: "127.0.0.1", port: peer.port + 1 }] };
  const dialled = await dial(manualClock(0), { host: "rebinding.example", port: peer.port, policy, resolve });
  deepStrictEqual(dialled, { ok: false, error: { kind: "refused" } });
  strictEqual(asked, 1);
  strictEqual(peer.connections(), 0);
  await peer.close();
});

Deno.test("dialModbus() does not dial a service of the product, whatever is allowed", async () => {
  const peer = await startPeer(addressWords);
  const policy = { ...LOOPBACK, own: [{ address: "127.0.0.1", port: peer.port }] };
  const dialled = await dial(manualClock(0), { host: "localhost", port: peer.port, policy });
  deepStrictEqual(dialled, { ok: false, error: { kind: "address-not-allowed" } });
  strictEqual(peer.connections(), 0);
  await peer.close();
});

Deno.test("dialModbus() does not dial a port that nobody allowed", async () => {
  for (const port of [22, 80, 3306, 4001]) {
    const dialled = await dial(manualClock(0), { host: "8.8.8.8", port, policy: STRICT });
    deepStrictEqual(dialled, { ok: false, error: { kind: "address-not-allowed" } });
  }
});

Deno.test("dialModbus() calls a name that does not exist no-route", async () => {
  deepStrictEqual(await dial(manualClock(0), { host: "no-such-host.invalid" }), {
    ok: false,
    error: { kind: "no-route" },
  });
});

Deno.test("dialModbus() waits for a connection no longer than it may", async () => {
  const clock = manualClock(0);
  const policy = { ...STRICT, networks: ["10.255.255.0/24"] };
  const dialling = dial(clock, { host: "10.255.255.1", policy }); // nobody answers, or there is no route
  await until("it waits", () => clock.sleepers() === 1);
  await clock.advance(8_000);
  const dialled = await dialling;
  strictEqual(!dialled.ok && ["connect-timeout", "no-route"].includes(dialled.error.kind), true);
});
