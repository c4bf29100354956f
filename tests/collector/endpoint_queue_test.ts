import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createEndpointQueues } from "../../collector/endpoint_queue.ts";

const NEVER = new AbortController().signal;

Deno.test("run() lets one after the other talk to an endpoint, in the order in which they came", async () => {
  const queues = createEndpointQueues();
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
  };
  await Promise.all(
    ["a", "b", "c"].map((name) => queues.run({ key: "10.0.0.7|502", signal: NEVER }, work(name))),
  );
  deepStrictEqual(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
  strictEqual(queues.size(), 0);
});

Deno.test("run() sends away who finds eight waiting, and forgets who gave up", async () => {
  const queues = createEndpointQueues();
  let finish = () => {};
  const held = queues.run(
    { key: "k", signal: NEVER },
    () => new Promise<void>((resolve) => finish = resolve),
  );
  const leaving = new AbortController();
  const waiting = Array.from(
    { length: 8 },
    (_, i) => queues.run({ key: "k", signal: i === 0 ? leaving.signal : NEVER }, () => Promise.resolve(i)),
  );
  strictEqual(queues.isFull("k"), true);
  deepStrictEqual(await queues.run({ key: "k", signal: NEVER }, () => Promise.resolve(9)), {
    ok: false,
    error: "busy",
  });
  leaving.abort();
  deepStrictEqual(await waiting[0], { ok: false, error: "aborted" });
  strictEqual(queues.isFull("k"), false);
  finish();
  await held;
  deepStrictEqual(await waiting[7], { ok: true, value: 7 });
  strictEqual(queues.size(), 0);
});

Deno.test("run() goes on with the next when one breaks off", async () => {
  const queues = createEndpointQueues();
  const broken = queues.run({ key: "k", signal: NEVER }, () => Promise.reject(new Error("broken")));
  const next = queues.run({ key: "k", signal: NEVER }, () => Promise.resolve("next"));
  strictEqual(await broken.catch((error: Error) => error.message), "broken");
  deepStrictEqual(await next, { ok: true, value: "next" });
});
