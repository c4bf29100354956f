import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openKv } from "../../../lib/kv/mod.ts";
import { countTry, forgetTries, giveBack } from "../../../lib/kv/limits.ts";

const LIMIT = { name: "sign-in", tries: 3, windowMs: 60_000 };

Deno.test("countTry() refuses the fourth try of one address, also when all come at once", async () => {
  using kv = await openKv(":memory:");
  const tries = Array.from({ length: 8 }, () => countTry(kv, LIMIT, { who: "203.0.113.7", nowMs: 30_000 }));
  const verdicts = await Promise.all(tries);
  strictEqual(verdicts.filter(({ allowed }) => allowed).length, 3);
  strictEqual((await countTry(kv, LIMIT, { who: "203.0.113.8", nowMs: 30_000 })).allowed, true);
});

Deno.test("countTry() says when the next try is, and admits it then", async () => {
  using kv = await openKv(":memory:");
  const who = "203.0.113.7";
  for (const left of [2, 1, 0]) {
    strictEqual((await countTry(kv, LIMIT, { who, nowMs: 30_000 })).left, left);
  }
  const refused = { allowed: false, retryAfterS: 30, left: 0 };
  deepStrictEqual(await countTry(kv, LIMIT, { who, nowMs: 30_000 }), refused);
  strictEqual((await countTry(kv, LIMIT, { who, nowMs: 60_000 })).allowed, true);
});

Deno.test("forgetTries() lets someone in who remembered the password", async () => {
  using kv = await openKv(":memory:");
  const who = "ana@example.org";
  for (let n = 0; n < 3; n++) await countTry(kv, LIMIT, { who, nowMs: 0 });
  await forgetTries(kv, LIMIT, { who, nowMs: 0 });
  strictEqual((await countTry(kv, LIMIT, { who, nowMs: 0 })).allowed, true);
});

Deno.test("giveBack() makes room for another try, and never for more than there were", async () => {
  using kv = await openKv(":memory:");
  const tried = { who: "203.0.113.7", nowMs: 0 };
  await giveBack(kv, LIMIT, tried);
  for (let n = 0; n < 3; n++) await countTry(kv, LIMIT, tried);
  await Promise.all([giveBack(kv, LIMIT, tried), giveBack(kv, LIMIT, tried)]);
  const verdicts = [];
  for (let n = 0; n < 3; n++) verdicts.push((await countTry(kv, LIMIT, tried)).allowed);
  deepStrictEqual(verdicts, [true, true, false]);
});
