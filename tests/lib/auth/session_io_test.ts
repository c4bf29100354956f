import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listSessionHashes, putSession } from "../../../lib/kv/sessions.ts";
import { openKv } from "../../../lib/kv/mod.ts";
import {
  confirmSession,
  endSession,
  endSessionByPublicId,
  findSession,
  FRESH_MS,
  isFresh,
  isSessionAlive,
  listSessions,
  SESSION_AGE_MS,
  SESSION_IDLE_MS,
  SESSIONS_MAX,
  startSession,
} from "../../../lib/auth/session.ts";

const USER = { id: 7, sessionEpoch: 1, lastSignInMs: null };

const START = { user: USER, origin: "192.0.2.7", agent: "Mozilla/5.0", by: "password", nowMs: 0 } as const;

Deno.test("findSession() knows a signed-in browser and nobody else", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  strictEqual((await findSession(kv, { token, nowMs: 1000 }))?.userId, 7);
  strictEqual(await findSession(kv, { token: token.replace(/.$/, "~"), nowMs: 1000 }), null);
  strictEqual(await findSession(kv, { token: "A".repeat(43), nowMs: 1000 }), null);
});

Deno.test("findSession() ends a session after 12 idle hours", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  strictEqual(await findSession(kv, { token, nowMs: SESSION_IDLE_MS }), null);
  strictEqual(await findSession(kv, { token, nowMs: 0 }), null);
});

Deno.test("findSession() keeps who works alive, but not beyond 14 days", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  const step = SESSION_IDLE_MS / 2;
  for (let nowMs = step; nowMs < SESSION_AGE_MS; nowMs += step) {
    strictEqual((await findSession(kv, { token, nowMs }))?.userId, 7);
  }
  strictEqual(await findSession(kv, { token, nowMs: SESSION_AGE_MS }), null);
});

Deno.test("endSession() signs out at once", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  await endSession(kv, token);
  strictEqual(await findSession(kv, { token, nowMs: 1 }), null);
});

Deno.test("startSession() leaves no token in the store, only its hash", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  for await (const entry of kv.list({ prefix: [] })) {
    strictEqual(JSON.stringify(entry.key).includes(token), false);
  }
});

Deno.test("isSessionAlive() looks without keeping alive", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  const key = (await findSession(kv, { token, nowMs: 0 }))?.key ?? "";
  strictEqual(await isSessionAlive(kv, { key, epoch: 1, nowMs: SESSION_IDLE_MS - 1 }), true);
  strictEqual(await isSessionAlive(kv, { key, epoch: 1, nowMs: SESSION_IDLE_MS }), false);
  await endSession(kv, token);
  strictEqual(await isSessionAlive(kv, { key, epoch: 1, nowMs: 1 }), false);
});

Deno.test("findSession() does not revive a session that is signed out meanwhile", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
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
  const token = await startSession(kv, START);
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

Deno.test("listSessions() shows a person's own living sessions of this epoch, and endSessionByPublicId() ends theirs", async () => {
  using kv = await openKv(":memory:");
  const first = await startSession(kv, START);
  const second = await startSession(kv, { ...START, agent: "curl/8\u202e\n", nowMs: 5 });
  await startSession(kv, { ...START, user: { ...USER, id: 8 } });
  await startSession(kv, { ...START, user: { ...USER, sessionEpoch: 0 } });
  const listed = await listSessions(kv, USER, 10);
  deepStrictEqual(listed.map(({ agent, createdMs }) => [agent, createdMs]), [["curl/8", 5], [
    "Mozilla/5.0",
    0,
  ]]);
  const publicId = listed[1]?.publicId ?? "";
  strictEqual(await endSessionByPublicId(kv, { userId: 8, publicId }), null);
  strictEqual((await findSession(kv, { token: first, nowMs: 11 }))?.publicId, publicId);
  strictEqual(await endSessionByPublicId(kv, { userId: 7, publicId }), listed[1]?.key);
  strictEqual(await endSessionByPublicId(kv, { userId: 7, publicId }), null);
  strictEqual(await findSession(kv, { token: first, nowMs: 12 }), null);
  await endSession(kv, second);
  deepStrictEqual(await listSessions(kv, USER, 13), []);
});

Deno.test("isSessionAlive() is over in another epoch", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  const key = (await findSession(kv, { token, nowMs: 0 }))?.key ?? "";
  strictEqual(await isSessionAlive(kv, { key, epoch: 2, nowMs: 1 }), false);
});

Deno.test("isFresh() asks for the password again after ten minutes", async () => {
  using kv = await openKv(":memory:");
  const token = await startSession(kv, START);
  const key = (await findSession(kv, { token, nowMs: 0 }))?.key ?? "";
  strictEqual(await isFresh(kv, { key, nowMs: FRESH_MS - 1 }), true);
  strictEqual(await isFresh(kv, { key, nowMs: FRESH_MS }), false);
  await confirmSession(kv, { key, nowMs: FRESH_MS });
  strictEqual(await isFresh(kv, { key, nowMs: 2 * FRESH_MS - 1 }), true);
  strictEqual(await isFresh(kv, { key: "none", nowMs: 0 }), false);
});

Deno.test("listSessions() hides no living session behind many that are over, and forgets those", async () => {
  using kv = await openKv(":memory:");
  const old = {
    userId: 7,
    epoch: 1,
    by: "password",
    origin: "192.0.2.7",
    agent: "",
    beforeMs: null,
  } as const;
  const times = { createdMs: 0, seenMs: 0, confirmedMs: 0 };
  for (let n = 0; n < 150; n++) {
    const session = { ...old, ...times, publicId: `${n}`.padStart(22, "-") };
    await putSession(kv, `hash ${n}`, { session, expireInMs: SESSION_IDLE_MS });
  }
  const now = { ...USER, sessionEpoch: 2 };
  for (let n = 0; n < 5; n++) await startSession(kv, { ...START, user: now, nowMs: n });
  strictEqual((await listSessions(kv, now, 10)).length, 5);
  strictEqual((await listSessionHashes(kv, 7)).length, 5);
  // Somebody who has read the person before the change ends nothing that came after it.
  strictEqual((await listSessions(kv, USER, 10)).length, 0);
  strictEqual((await listSessions(kv, now, 10)).length, 5);
});

Deno.test("startSession() keeps 50 sessions of a person at most, those last seen, however many there were", async () => {
  using kv = await openKv(":memory:");
  const tokens = [];
  for (let n = 0; n < SESSIONS_MAX + 10; n++) tokens.push(await startSession(kv, { ...START, nowMs: n }));
  const other = await startSession(kv, { ...START, user: { ...USER, id: 8 } });
  const listed = await listSessions(kv, USER, 100);
  strictEqual(listed.length, SESSIONS_MAX);
  strictEqual(listed.at(-1)?.createdMs, 10);
  strictEqual(await findSession(kv, { token: tokens[9] ?? "", nowMs: 100 }), null);
  strictEqual((await findSession(kv, { token: tokens[10] ?? "", nowMs: 100 }))?.userId, 7);
  strictEqual((await findSession(kv, { token: other, nowMs: 100 }))?.userId, 8);
});
