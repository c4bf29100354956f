import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isAfterSwitch, planOf } from "../../../../ops/lib/release/deploy.ts";
import {
  type DeployStand,
  foldJournal,
  type JournalLine,
  nextOf,
  readJournal,
} from "../../../../ops/lib/release/journal.ts";
import { doneLines, sampleDeploy, standAfter } from "./samples.ts";

const deploy = sampleDeploy();

/** Goes on with a journal as a deploy does, every step going well; what was run and undone. */
function goOn(
  lines: readonly JournalLine[],
): { readonly acts: readonly string[]; readonly end: DeployStand } {
  const all = [...lines];
  const acts: string[] = [];
  for (let turn = 0; turn < 100; turn++) {
    const stand = standAfter(all);
    const next = nextOf(stand);
    if (next.kind === "over") return { acts, end: stand };
    if (next.kind === "end") all.push({ atMs: 0, kind: "end", outcome: next.outcome });
    else {
      const { step } = next;
      acts.push(`${next.kind} ${step}`);
      all.push(
        next.kind === "run"
          ? { atMs: 0, kind: "done", step, ms: 1, words: "" }
          : { atMs: 0, kind: "undone", step, ms: 1, words: "" },
      );
    }
  }
  throw new Error("It never ends");
}

/** A journal that was cut after each of its lines. */
function cuts(lines: readonly JournalLine[]): readonly (readonly JournalLine[])[] {
  return lines.map((_, i) => lines.slice(0, i + 1));
}

Deno.test("a deploy killed after any line goes on with the step at which it was, and ends done", () => {
  for (const lines of cuts(doneLines(deploy))) {
    const done = lines.filter(({ kind }) => kind === "done").length;
    const { acts, end } = goOn(lines);
    deepStrictEqual(acts, deploy.steps.slice(done).map((step) => `run ${step}`));
    strictEqual(end.outcome, "done");
  }
});

Deno.test("a deploy killed after any line is taken back from the newest step that was begun", () => {
  for (const lines of cuts(doneLines(deploy))) {
    const begun = lines.filter(({ kind }) => kind === "begin").length;
    const { acts, end } = goOn([...lines, { atMs: 0, kind: "turn", words: "an operator took it back" }]);
    deepStrictEqual(acts, deploy.steps.slice(0, begun).toReversed().map((step) => `undo ${step}`));
    strictEqual(end.outcome, "undone");
  }
});

Deno.test("a way back that was killed after any line goes on backwards", () => {
  const forward = doneLines(deploy, "switch");
  const back = deploy.steps.slice(0, deploy.steps.indexOf("switch") + 1).toReversed();
  const lines: readonly JournalLine[] = [
    ...forward,
    { atMs: 0, kind: "turn", words: "an operator took it back" },
    ...back.flatMap((step): readonly JournalLine[] => [
      { atMs: 0, kind: "undo", step },
      { atMs: 0, kind: "undone", step, ms: 1, words: "" },
    ]),
  ];
  for (const cut of cuts(lines).slice(forward.length)) {
    const undone = cut.filter(({ kind }) => kind === "undone").length;
    const { acts, end } = goOn(cut);
    deepStrictEqual(acts, back.slice(undone).map((step) => `undo ${step}`));
    strictEqual(end.outcome, "undone");
  }
});

Deno.test("a step that failed is what comes next, until the deploy turns round", () => {
  const failed: JournalLine = { atMs: 0, kind: "failed", step: "drain", ms: 3, words: "Docker is away" };
  const lines = [...doneLines(deploy, "switch"), { atMs: 0, kind: "begin", step: "drain" } as const, failed];
  deepStrictEqual(nextOf(standAfter(lines)), { kind: "run", step: "drain" });
  strictEqual(standAfter(lines).trouble, "drain: Docker is away");
  const turned = standAfter([...lines, { atMs: 0, kind: "turn", words: "an operator took it back" }]);
  deepStrictEqual(nextOf(turned), { kind: "undo", step: "drain" });
});

Deno.test("why a deploy went back is kept, whatever fails on the way", () => {
  const stand = standAfter([
    ...doneLines(deploy, "up"),
    { atMs: 0, kind: "turn", words: "ready: not ready within 180 s" },
    { atMs: 0, kind: "undo-failed", step: "up", ms: 1, words: "Docker is away" },
  ]);
  strictEqual(stand.trouble, "ready: not ready within 180 s");
  deepStrictEqual(nextOf(stand), { kind: "undo", step: "up" });
});

Deno.test("a line that a kill cut off says nothing, and the next one counts", () => {
  const [first, second, third] = doneLines(deploy).map((line) => JSON.stringify(line));
  const text = `${first}\n${second?.slice(0, 20)}\n${second}\n${third}\n{"kind":"do`;
  deepStrictEqual(readJournal(text), doneLines(deploy).slice(0, 3));
});

Deno.test("what is no line of a journal is left out", () => {
  const strange = [
    '{"kind":"begin"}',
    '{"atMs":1,"kind":"jump"}',
    '{"atMs":1,"kind":"begin","step":"fly"}',
    "7",
    "",
  ];
  deepStrictEqual(readJournal(strange.join("\n")), []);
  strictEqual(foldJournal([]), null);
});

Deno.test("steps after the switch are those that never take it back", () => {
  deepStrictEqual(deploy.steps.filter(isAfterSwitch), ["drain", "stop", "tidy"]);
});

const PLANS = [
  {
    name: "new code beside a server",
    plan: { kind: "release", engine: "server", hasBefore: true, backup: true },
    want: "preflight sources backup image migrate up ready smoke switch drain stop tidy",
  },
  {
    name: "new code with embedded SQLite",
    plan: { kind: "release", engine: "embedded", hasBefore: true, backup: true },
    want: "preflight sources backup image pause up ready smoke switch stop tidy",
  },
  {
    name: "the first deploy",
    plan: { kind: "release", engine: "server", hasBefore: false, backup: true },
    want: "preflight sources image migrate up ready smoke switch tidy",
  },
  {
    name: "new settings",
    plan: { kind: "configuration", engine: "server", hasBefore: true, backup: true },
    want: "preflight up ready smoke switch drain stop tidy",
  },
  {
    name: "an older release",
    plan: { kind: "rollback", engine: "embedded", hasBefore: true, backup: true },
    want: "preflight pause up ready smoke switch stop tidy",
  },
] as const;

for (const { name, plan, want } of PLANS) {
  Deno.test(`planOf() has the steps of ${name}`, () => strictEqual(planOf(plan).join(" "), want));
}
