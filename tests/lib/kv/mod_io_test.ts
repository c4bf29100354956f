import { rejects, strictEqual } from "node:assert/strict";
import { askKv, askWithin, KvError, openKv, pingKv } from "../../../lib/kv/mod.ts";

Deno.test("askKv() says what was being done when the store does not do it", async () => {
  await rejects(
    askKv("look up a session", () => Promise.reject(new Error("database is locked"))),
    new KvError("look up a session", "database is locked"),
  );
  strictEqual(await askKv("count a try", () => Promise.resolve(3)), 3);
});

Deno.test("askWithin() does not wait for ever", async () => {
  await rejects(
    askWithin({ doing: "end a session", deadlineMs: 5 }, () => new Promise(() => {})),
    new KvError("end a session", "no answer in 5 ms"),
  );
});

Deno.test("pingKv() is not content with a store that takes nothing", async () => {
  using kv = await openKv(":memory:");
  await pingKv(kv);
  const readOnly = new Proxy(kv, {
    get(target, name) {
      if (name === "set") return () => Promise.reject(new Error("attempt to write a readonly database"));
      return Reflect.get(target, name).bind(target);
    },
  });
  await rejects(pingKv(readOnly), KvError);
});
