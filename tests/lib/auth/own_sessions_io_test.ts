import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { endOtherSessions } from "../../../lib/auth/own_sessions.ts";
import { findSession, startSession } from "../../../lib/auth/session.ts";
import { hashOfToken } from "../../../lib/auth/token.ts";
import { type Kv, openKv } from "../../../lib/kv/mod.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 9);

const start = (kv: Kv, id: number) =>
  startSession(kv, {
    user: { id, sessionEpoch: 0, lastSignInMs: null },
    origin: "127.0.0.1",
    agent: "",
    by: "password",
    nowMs: NOW_MS,
  });

const lives = async (kv: Kv, token: string) => await findSession(kv, { token, nowMs: NOW_MS }) !== null;

Deno.test("endOtherSessions() ends all of a person but the one at hand, and nobody else's", async () => {
  using kv = await openKv(":memory:");
  const [here, there, third, theirs] = [
    await start(kv, 7),
    await start(kv, 7),
    await start(kv, 7),
    await start(kv, 8),
  ];
  const ended = await endOtherSessions(kv, { userId: 7, keep: await hashOfToken(here) });
  deepStrictEqual(ended.toSorted(), [await hashOfToken(there), await hashOfToken(third)].toSorted());
  deepStrictEqual(
    [await lives(kv, here), await lives(kv, there), await lives(kv, third), await lives(kv, theirs)],
    [true, false, false, true],
  );
});

Deno.test("endOtherSessions() of whoever is signed in here alone ends nothing", async () => {
  using kv = await openKv(":memory:");
  const here = await start(kv, 7);
  deepStrictEqual(await endOtherSessions(kv, { userId: 7, keep: await hashOfToken(here) }), []);
  strictEqual(await lives(kv, here), true);
});
