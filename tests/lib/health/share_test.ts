import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { KEPT_BAD_MS, KEPT_MS, shareLook } from "../../../lib/health/share.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

Deno.test("shareLook() looks once for a crowd, and again when the answer is old", async () => {
  const clock = manualClock(0);
  const of = {};
  let looks = 0;
  const ask = () => shareLook(clock, { of, name: "ping" }, () => clock.sleep(100).then(() => ++looks));
  const crowd = Promise.all([ask(), ask(), ask()]);
  await clock.advance(100);
  deepStrictEqual(await crowd, [1, 1, 1]);
  await clock.advance(KEPT_MS - 1);
  strictEqual(await ask(), 1);
  await clock.advance(1);
  const again = ask();
  await clock.advance(100);
  strictEqual(await again, 2);
});

Deno.test("shareLook() does not believe in bad news for long, and not at all in a failure", async () => {
  const clock = manualClock(0);
  const of = {};
  const answers = ["away", "answered"];
  const ask = () => {
    const look = { of, name: "ping", isGood: (answer: string) => answer === "answered" };
    return shareLook(clock, look, () => Promise.resolve(answers.shift() ?? "asked too often"));
  };
  strictEqual(await ask(), "away");
  strictEqual(await ask(), "away");
  await clock.advance(KEPT_BAD_MS);
  strictEqual(await ask(), "answered");
  const broken = () => shareLook(clock, { of, name: "broken" }, () => Promise.reject(new Error("no table")));
  await rejects(broken(), /no table/);
  strictEqual(await shareLook(clock, { of, name: "broken" }, () => Promise.resolve("back")), "back");
});
