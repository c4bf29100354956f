import { strictEqual } from "node:assert/strict";
import { openKv } from "../../../lib/kv/mod.ts";
import {
  endSession,
  findSession,
  isSessionAlive,
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

Deno.test("isSessionAlive() looks without keeping alive", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  const key = (await findSession(kv, { token, nowMs: 0 }))?.key ?? "";
  strictEqual(await isSessionAlive(kv, { key, nowMs: SESSION_IDLE_MS - 1 }), true);
  strictEqual(await isSessionAlive(kv, { key, nowMs: SESSION_IDLE_MS }), false);
  await endSession(kv, token);
  strictEqual(await isSessionAlive(kv, { key, nowMs: 1 }), false);
});

Deno.test("findSession() does not revive a session that is signed out meanwhile", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  const slow = new Proxy(kv, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      return async (key: Deno.KvKey) => {
        const entry = await target.get(key);
        await endSession(target, token); // in another tab, just now
        return entry;
      };
    },
  });
  strictEqual((await findSession(slow, { token, nowMs: 120_000 }))?.userId, 7);
  strictEqual(await findSession(kv, { token, nowMs: 120_001 }), null);
});

Deno.test("findSession() lets somebody in whom it cannot remember to have seen", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, { userId: 7, nowMs: 0 });
  const full = new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") throw new Error("disk full");
      return Reflect.get(target, name).bind(target);
    },
  });
  const troubles: unknown[] = [];
  const request = { token, nowMs: 120_000, onTrouble: (error: unknown) => troubles.push(error) };
  strictEqual((await findSession(full, request))?.userId, 7);
  strictEqual(troubles.length, 1);
});
