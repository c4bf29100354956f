import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Acceptance, Finding } from "../../../../lib/domain/scan.ts";
import type { Check, Outcome, ScanContext } from "../../../../ops/lib/scan/check.ts";
import { advisoriesCheck } from "../../../../ops/lib/scan/advisories.ts";
import { exitOf, runChecks, scanText } from "../../../../ops/lib/scan/run.ts";

const NOW = Date.UTC(2026, 10, 29);

const CONTEXT: ScanContext = {
  run: () => Promise.resolve({ code: 127, out: "", err: "" }),
  read: (path) => Promise.resolve(path.endsWith("deno.lock") ? `{"npm":{"a@1.0.0":{}}}` : "[]"),
  list: () => Promise.resolve([]),
  project: "/p",
  scratch: "/s",
  described: null,
  target: null,
  cookie: null,
  caFile: null,
  webUrl: null,
  webSeconds: 10,
  nowMs: NOW,
};

const FOUND: Finding = {
  check: "one",
  id: "a",
  severity: "high",
  what: "It is open",
  where: "there",
  remedy: "Close it",
};

const check = (name: string, outcome: Outcome | Error): Check => ({
  name,
  about: `what ${name} does`,
  run: () => outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome),
});

const scan = (checks: readonly Check[], acceptances: readonly Acceptance[] = []) =>
  runChecks(checks, { context: CONTEXT, acceptances, monotonicMs: () => 0, onCheck: () => {} });

const clean = check("two", { kind: "ran", looked: "here", findings: [] });
const found = check("one", { kind: "ran", looked: "here", findings: [FOUND] });
const accepted: Acceptance = {
  check: "one",
  id: "a",
  reason: "It is known and borne until then",
  until: "2026-11-29",
};

const EXITS = [
  { name: "0 where all looked and nothing is open", checks: [clean], acceptances: [], exit: 0 },
  { name: "1 where something is open", checks: [found, clean], acceptances: [], exit: 1 },
  {
    name: "0 where all that is open is accepted, also on its last day",
    checks: [found],
    acceptances: [accepted],
    exit: 0,
  },
  {
    name: "1 where an acceptance is over",
    checks: [found],
    acceptances: [{ ...accepted, until: "2026-11-28" }],
    exit: 1,
  },
  {
    name: "1 where what is accepted lies elsewhere",
    checks: [found],
    acceptances: [{ ...accepted, where: "elsewhere" }],
    exit: 1,
  },
  {
    name: "3 where one could not look",
    checks: [clean, check("x", { kind: "not-run", why: "no" })],
    acceptances: [],
    exit: 3,
  },
  {
    name: "3 where one looked in part and found nothing there",
    checks: [clean, check("x", { kind: "in-part", why: "in part", looked: "here", findings: [] })],
    acceptances: [],
    exit: 3,
  },
  {
    name: "1 where one looked in part and found something there",
    checks: [clean, check("x", { kind: "in-part", why: "in part", looked: "here", findings: [FOUND] })],
    acceptances: [],
    exit: 1,
  },
  {
    name: "3 where one broke, and the others look all the same",
    checks: [check("x", new Error("oh")), clean],
    acceptances: [],
    exit: 3,
  },
  {
    name: "1 where one could not look and something is open",
    checks: [check("x", new Error("oh")), found],
    acceptances: [],
    exit: 1,
  },
];
for (const { name, checks, acceptances, exit } of EXITS) {
  Deno.test(`a scan ends with ${name}`, async () => {
    const { report } = await scan(checks, acceptances);
    strictEqual(exitOf(report), exit);
    strictEqual(report.checks.length, checks.length);
  });
}

Deno.test("scanText() says what did not run, what expired with its reason, and what is accepted without need", async () => {
  const over = { ...accepted, until: "2026-11-28" };
  const useless = { ...accepted, id: "gone" };
  const ofNotRun = { ...accepted, check: "x" };
  const text = scanText(
    await scan([found, check("x", { kind: "not-run", why: "there is no nmap: install the package nmap" })], [
      over,
      useless,
      ofNotRun,
    ]),
  );
  match(text, /NOT RUN {2}x: there is no nmap: install the package nmap/);
  match(text, /Accepted until a day that has passed, 1:[^]*until 2026-11-28: It is known/);
  match(text, /Accepted without need[^]* {2}one gone\n/);
  strictEqual(/ {2}x a/.test(text), false, "what did not run proves nothing of its acceptances");
  match(text, /1 of 2 checks ran, 1 findings count, 0 are accepted; what did not run is no pass/);
});

Deno.test("an advisory service that does not answer is no pass", async () => {
  for (const ask of [() => Promise.reject(new Error("refused")), () => Promise.resolve("it answers 405")]) {
    const { report } = await scan([advisoriesCheck(ask)]);
    match(report.checks[0]?.notRun ?? "", /the advisory service cannot be used: .*(refused|405)/);
    strictEqual(exitOf(report), 3);
  }
});

Deno.test("an advisory is a finding with where to read of it", async () => {
  const one = {
    id: 7,
    name: "a",
    range: "<2",
    title: "Lets everybody in",
    severity: "moderate",
    url: "https://x.example/7",
  };
  const context = {
    ...CONTEXT,
    read: (path: string) => Promise.resolve(path.endsWith("deno.lock") ? `{"npm":{"a@1.0.0":{}}}` : "[]"),
  };
  const outcome = await advisoriesCheck(() => Promise.resolve([one])).run(context);
  deepStrictEqual(outcome.kind === "ran" && outcome.findings.map(({ id, severity }) => [id, severity]), [
    ["npm-7", "medium"],
  ]);
});
