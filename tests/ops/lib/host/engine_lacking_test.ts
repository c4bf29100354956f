import { deepStrictEqual, strictEqual } from "node:assert";
import { applyAll, type RunTools } from "../../../../ops/lib/host/engine.ts";
import { lackingText } from "../../../../ops/lib/host/host_words.ts";
import type { Drift, Host, Step } from "../../../../ops/lib/host/step.ts";

const DRIFT: Drift = { what: "certificate", is: "not issued", expected: "issued", does: [] };

/** Nothing of a host is touched by these steps. */
const ON = {} as Host;

function tools(lines: string[]): RunTools {
  const print = (line: string) => void lines.push(line);
  return { print, begin: print, monotonicMs: () => 0, isStopped: () => false };
}

const step = (name: string, change: Partial<Step> = {}): Step => ({
  name,
  why: "for the test",
  check: () => Promise.resolve([DRIFT]),
  apply: () => Promise.resolve(),
  undo: () => Promise.resolve(),
  ...change,
});

Deno.test("applyAll() goes on where a step lacks what others have to do first, and tells of it", async () => {
  const done: string[] = [];
  let made = false;
  const last = step("last", {
    check: () => Promise.resolve(made ? [] : [DRIFT]),
    apply() {
      made = true;
      done.push("last");
      return Promise.resolve();
    },
  });
  const lines: string[] = [];
  const end = await applyAll(ON, [step("issued", { mayLack: true }), last], tools(lines));
  deepStrictEqual([end.trouble, done], [null, ["last"]]);
  deepStrictEqual(end.changed.map(({ step: { name } }) => name), ["last"]);
  deepStrictEqual(end.lacking.map(({ step: { name } }) => name), ["issued"]);
  deepStrictEqual(lines.slice(0, 3), [
    "[1/2] issued: ",
    "lacking, 0.0 s",
    "  certificate is not issued; expected: issued",
  ]);
  strictEqual(
    lackingText(end.lacking),
    ", but for this, which others have to do first:\n  issued\n  certificate is not issued; expected: issued",
  );
  strictEqual(lackingText([]), "");
});

Deno.test("applyAll() ends at a step that stays other than described, or that fails though it may lack", async () => {
  const stays = await applyAll(ON, [step("folders"), step("never")], tools([]));
  deepStrictEqual([stays.changed.length, stays.lacking.length], [1, 0]);
  strictEqual(stays.trouble?.startsWith("folders: it was applied, and still is not as described"), true);
  const fails = step("issued", { mayLack: true, apply: () => Promise.reject(new Error("no disk")) });
  strictEqual((await applyAll(ON, [fails], tools([]))).trouble?.startsWith("issued: Error: no disk"), true);
});
