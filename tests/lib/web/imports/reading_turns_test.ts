import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { READINGS_MAX, readInTurn } from "../../../../lib/web/imports/reading_turns.ts";

Deno.test("readInTurn() reads one file of a person and three in all at once, and those that come later again", async () => {
  const owner = {};
  const over = Promise.withResolvers<string>();
  const read = () => over.promise;
  const people = Array.from({ length: READINGS_MAX.running }, (_, i) => i + 1);
  const running = people.map((personId) => readInTurn(owner, { personId, read }));
  strictEqual(await readInTurn(owner, { personId: 1, read }), null, "another one of theirs");
  strictEqual(await readInTurn(owner, { personId: 9, read }), null, "as many as may");
  strictEqual(
    await readInTurn({}, { personId: 9, read: () => Promise.resolve("x") }),
    "x",
    "of another process",
  );
  over.resolve("read");
  deepStrictEqual(await Promise.all(running), people.map(() => "read"));
  const failing = readInTurn(owner, { personId: 1, read: () => Promise.reject(new Error("broken")) });
  strictEqual(await failing.catch(() => "failed"), "failed");
  strictEqual(await readInTurn(owner, { personId: 1, read: () => Promise.resolve("again") }), "again");
});
