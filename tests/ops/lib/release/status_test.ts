import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { isPaused, type Standing, statusWords, takenBackLines } from "../../../../ops/lib/release/status.ts";
import { planOf } from "../../../../ops/lib/release/deploy.ts";
import { doneLines, endedStand, sampleDeploy, standAfter } from "./samples.ts";

const deploy = sampleDeploy();
const answer = { kind: "answer", status: 200, release: "r17-63e2c47", text: "ready" } as const;
const green = {
  colour: "green",
  status: "running",
  release: "r17-63e2c47",
  restarts: 0,
  exitCode: null,
  ready: answer,
} as const;
const blue = {
  colour: "blue",
  status: "ended",
  release: "r16-9b1d0aa",
  restarts: 0,
  exitCode: 0,
  ready: { kind: "silent", why: "there is no socket" },
} as const;

const good: Standing = {
  linked: "green",
  colours: [blue, green],
  database: { kind: "there", working: "r17-63e2c47", applied: [] },
  deployed: { colour: "green", release: deploy.release },
  last: endedStand(deploy),
  busy: false,
};

function words(changes: Partial<Standing>): { readonly text: string; readonly isGood: boolean } {
  const { lines, isGood } = statusWords({ ...good, ...changes }, 1_000);
  return { text: lines.join("\n"), isGood };
}

Deno.test("status says what serves and works, and that all is well", () => {
  const { text, isGood } = words({});
  strictEqual(isGood, true);
  match(text, /^serves {3}r17-63e2c47 as green$/m);
  match(text, /^works {4}r17-63e2c47$/m);
  match(text, /^blue {5}r16-9b1d0aa, ended, last with code 0$/m);
});

const TROUBLES: readonly (readonly [name: string, changes: Partial<Standing>, says: RegExp])[] = [
  ["a deploy that was killed", { last: standAfter(doneLines(deploy, "up")) }, /Deploy 17 .* is open.*resume/],
  [
    "a way back that was killed",
    { last: standAfter([...doneLines(deploy, "up"), { atMs: 1, kind: "turn", words: "ready: never" }]) },
    /on its way back, at up: deno task deploy rollback goes on\n {2}ready: never/,
  ],
  ["a colour that ended", { colours: [blue, { ...green, status: "ended" }] }, /green serves and is ended/],
  [
    "a colour that is not ready",
    { colours: [blue, { ...green, ready: { ...answer, status: 503, text: "the database" } }] },
    /green serves and is not ready: not ready: the database/,
  ],
  ["a link that somebody moved", { linked: "blue" }, /was deployed as green, and the link leads to blue/],
  ["no link at all", { linked: null }, /the link leads to nothing/],
  [
    "another release that works",
    { database: { kind: "there", working: "r16-9b1d0aa", applied: [] } },
    /^r16-9b1d0aa works and r17-63e2c47 serves/m,
  ],
];

for (const [name, changes, says] of TROUBLES) {
  Deno.test(`status tells of ${name}, and is not good`, () => {
    const { text, isGood } = words(changes);
    strictEqual(isGood, false);
    match(text, says);
  });
}

Deno.test("a deploy that is running is no trouble", () => {
  const { text, isGood } = words({
    busy: true,
    last: standAfter(doneLines(deploy, "up")),
    linked: "blue",
    colours: [
      { ...blue, status: "running", ready: answer },
      green,
    ],
  });
  strictEqual(isGood, true);
  match(text, /it is running now/);
});

Deno.test("a database that is away leaves open which release works", () => {
  match(words({ database: { kind: "away", why: "refused" } }).text, /^works {4}not to be told: refused$/m);
});

Deno.test("a dry run of taking an open deploy back says what would be undone, the last step first", () => {
  deepStrictEqual(takenBackLines(standAfter(doneLines(deploy, "backup"))), [
    "Would take back deploy 17 of r17-63e2c47",
    "  Steps that were begun, the last one first: backup, sources, preflight",
  ]);
});

Deno.test("with embedded SQLite pages are away from the end of the old colour to the switch", () => {
  const steps = planOf({ kind: "release", engine: "embedded", hasBefore: true, backup: true });
  const embedded = sampleDeploy({ engine: "embedded", steps });
  const pausedAfter = (["image", "pause", "smoke", "switch"] as const).map((step) =>
    isPaused(standAfter(doneLines(embedded, step)))
  );
  deepStrictEqual(pausedAfter, [false, true, true, false]);
  strictEqual(isPaused(standAfter(doneLines(deploy, "smoke"))), false, "With a server nothing is paused");
});
