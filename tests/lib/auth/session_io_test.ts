import { strictEqual } from "node:assert/strict";
import { openKv } from "../../../lib/kv/mod.ts";
import {
  endSession,
  findSession,
  SESSION_AGE_MS,
  SESSION_IDLE_MS,
  startSession,
} from "../../../lib/auth/session.ts";

Deno.test("findSession() knows a signed-in browser and nobody else", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  strictEqual((await findSession(kv, { token, nowMs: 1000 }))?.userId, 7);
  strictEqual(await findSession(kv, { token: token.replace(/.$/, "~"), nowMs: 1000 }), null);
  strictEqual(await findSession(kv, { token: "A".repeat(43), nowMs: 1000 }), null);
});

Deno.test("findSession() ends a session after 12 idle hours", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  strictEqual(await findSession(kv, { token, nowMs: SESSION_IDLE_MS }), null);
  strictEqual(await findSession(kv, { token, nowMs: 0 }), null);
});

Deno.test("findSession() keeps who works alive, but not beyond 14 days", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  const step = SESSION_IDLE_MS / 2;
  for (let nowMs = step; nowMs < SESSION_AGE_MS; nowMs += step) {
    strictEqual((await findSession(kv, { token, nowMs }))?.userId, 7);
  }
  strictEqual(await findSession(kv, { token, nowMs: SESSION_AGE_MS }), null);
});

Deno.test("endSession() signs out at once", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  await endSession(kv, token);
  strictEqual(await findSession(kv, { token, nowMs: 1 }), null);
});

Deno.test("startSession() leaves no token in the store, only its hash", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  for await (const entry of kv.list({ prefix: [] })) {
    strictEqual(JSON.stringify(entry.key).includes(token), false);
  }
});
