import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createFrameWatch } from "../../collector/frames.ts";

const ANSWER = [0, 1, 0, 0, 0, 5, 1, 3, 2, 0, 9];

Deno.test("createFrameWatch() finds nothing wrong with an answer that comes byte by byte", () => {
  const watch = createFrameWatch();
  watch.sent(1);
  const verdicts = ANSWER.map((byte) => watch.feed(Uint8Array.of(byte)));
  deepStrictEqual(new Set(verdicts), new Set(["fine"]));
  strictEqual(watch.halfFrame(), false);
  strictEqual(watch.strangerSeen(), false);
});

Deno.test("createFrameWatch() takes two frames in one packet", () => {
  const watch = createFrameWatch();
  watch.sent(1);
  strictEqual(watch.feed(Uint8Array.from([...ANSWER, ...ANSWER])), "fine");
  strictEqual(watch.halfFrame(), false);
});

const GARBAGE: readonly (readonly [string, readonly number[]])[] = [
  ["text", [...new TextEncoder().encode("HTTP/1.1 400 Bad Request")]],
  ["a length beyond any response", [0, 1, 0, 0, 0x10, 0, 1, 3]],
  ["a length of nothing", [0, 1, 0, 0, 0, 0]],
  ["another protocol", [0, 1, 0, 7, 0, 5, 1, 3, 2, 0, 9]],
];
for (const [name, bytes] of GARBAGE) {
  Deno.test(`createFrameWatch() refuses ${name}, and all that follows`, () => {
    const watch = createFrameWatch();
    watch.sent(1);
    strictEqual(watch.feed(Uint8Array.from(bytes)), "bad");
    strictEqual(watch.feed(Uint8Array.from(ANSWER)), "bad");
  });
}

Deno.test("createFrameWatch() tells an answer that was never asked for from a late one", () => {
  const watch = createFrameWatch();
  watch.sent(1);
  watch.sent(2);
  watch.feed(Uint8Array.from(ANSWER));
  strictEqual(watch.strangerSeen(), false);
  watch.feed(Uint8Array.from([9, 9, ...ANSWER.slice(2)]));
  strictEqual(watch.strangerSeen(), true);
  watch.sent(3);
  strictEqual(watch.strangerSeen(), false);
});

Deno.test("createFrameWatch() sees that a frame has begun and not ended", () => {
  const watch = createFrameWatch();
  watch.sent(1);
  watch.feed(Uint8Array.from(ANSWER.slice(0, 8)));
  strictEqual(watch.halfFrame(), true);
});
