/**
 * Bodies of JSON, the broken ones first.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { err, ok } from "../../../lib/result.ts";
import { JSON_MAX_BYTES, JSON_MAX_DEPTH, readJson } from "../../../lib/web/json.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

function sent(body: BodyInit, type = "application/json"): Request {
  return new Request("http://localhost/", { method: "POST", headers: { "content-type": type }, body });
}

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

const CASES = [
  { name: "nothing", body: "", want: err("not-json") },
  { name: "half an object", body: '{"a":', want: err("not-json") },
  { name: "a form", body: "a=1", type: "application/x-www-form-urlencoded", want: err("not-json") },
  { name: "plain text", body: "{}", type: "text/plain", want: err("not-json") },
  { name: "a type that only begins alike", body: "{}", type: "application/jsonp", want: err("not-json") },
  { name: "too much", body: `"${"x".repeat(JSON_MAX_BYTES)}"`, want: err("too-large") },
  { name: "one level too deep", body: nested(JSON_MAX_DEPTH + 2), want: err("too-deep") },
  { name: "thirty thousand levels", body: nested(30_000), want: err("too-deep") },
  { name: "an object", body: '{"a":[1]}', want: ok({ a: [1] }) },
  { name: "a charset", body: "{}", type: "application/json; charset=utf-8", want: ok({}) },
];

for (const { name, body, type, want } of CASES) {
  Deno.test(`readJson() answers ${name}`, async () => {
    deepStrictEqual(await readJson(sent(body, type), systemClock), want);
  });
}

Deno.test("readJson() gives up on a body that never ends", async () => {
  const clock = manualClock(0);
  const never = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
  const read = readJson(sent(never), clock);
  await clock.advance(20_000);
  deepStrictEqual(await read, err("too-slow"));
});
