import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { linesAnswer, spoken, wantsLines } from "../../../lib/web/lines.ts";

Deno.test("wantsLines() is for islands alone", () => {
  const asks = (accept: string) =>
    wantsLines(new Request("http://wattpost.example/", { headers: { accept } }));
  strictEqual(asks("application/x-ndjson"), true);
  strictEqual(asks("text/html, */*"), false);
});

Deno.test("linesAnswer() sends what was said before it was taken, and what is said after, one line each", async () => {
  const lines = spoken<{ readonly n: number }>();
  lines.say({ n: 1 });
  const answer = linesAnswer(lines, () => {});
  const reading = answer.text();
  lines.say({ n: 2 });
  lines.end();
  lines.say({ n: 3 });
  strictEqual(await reading, '{"n":1}\n{"n":2}\n');
  strictEqual(answer.headers.get("cache-control"), "no-store");
});

Deno.test("linesAnswer() says when nobody takes it any more", async () => {
  const told: string[] = [];
  const lines = spoken<number>();
  lines.say(1);
  const reader = linesAnswer(lines, () => told.push("left")).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  deepStrictEqual(told, ["left"]);
  lines.end();
});
