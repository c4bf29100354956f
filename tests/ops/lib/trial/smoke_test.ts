import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readAccounts } from "../../../../ops/lib/trial/account.ts";
import { readSmokeArguments } from "../../../../ops/lib/trial/smoke_arguments.ts";
import { assetsIn, headerFaults, importsIn } from "../../../../ops/lib/trial/answer_look.ts";
import { fail, notRun, pass, warn } from "../../../../ops/lib/trial/smoke_context.ts";
import { type Check, checkedLine, checkedSum, exitOf, runChecks } from "../../../../ops/lib/trial/verdict.ts";
import { manualClock } from "../../../fakes/manual_clock.ts";

Deno.test("readSmokeArguments() takes a socket and the release that must answer", () => {
  const args = [
    "--socket",
    "/run/wattpost/green.sock",
    "--release",
    "r17-63e2c47",
    "--meter",
    "172.30.0.1:1502",
  ];
  const read = readSmokeArguments(args);
  deepStrictEqual(read.ok && read.value, {
    place: { kind: "socket", path: "/run/wattpost/green.sock" },
    publicUrl: null,
    release: "r17-63e2c47",
    accountFile: "/etc/wattpost/credentials/smoke_account",
    meter: { host: "172.30.0.1", port: 1502, isThere: false },
    meterNamed: true,
    caFile: null,
    whole: false,
    withinMs: 120_000,
    json: false,
  });
});

Deno.test("readSmokeArguments() takes a name for a meter that is there already", () => {
  const read = readSmokeArguments(["--url", "https://a.example", "--meter", "meter:15020"]);
  deepStrictEqual(read.ok && read.value.meter, { host: "meter", port: 15020, isThere: true });
});

const REFUSED: readonly (readonly [string, readonly string[]])[] = [
  ["nothing", []],
  ["both places", ["--url", "https://a.example", "--socket", "/run/a.sock"]],
  ["a path behind the origin", ["--url", "https://a.example/sites"]],
  ["another scheme", ["--url", "ftp://a.example"]],
  ["a socket that is no absolute path", ["--socket", "green.sock"]],
  ["a release with a space", ["--url", "https://a.example", "--release", "r 1"]],
  ["a meter without a port", ["--url", "https://a.example", "--meter", "127.0.0.1"]],
  ["a meter with a name that nothing has", ["--url", "https://a.example", "--meter", "10.0.0:1502"]],
  ["no time at all", ["--url", "https://a.example", "--seconds", "1"]],
  ["an option that there is not", ["--url", "https://a.example", "--fast"]],
];
for (const [name, args] of REFUSED) {
  Deno.test(`readSmokeArguments() refuses ${name} in words`, () => {
    const read = readSmokeArguments(args);
    match(read.ok ? "" : read.error ?? "", /./);
  });
}

Deno.test("readAccounts() takes one account or a list, and says what is wrong without showing it", () => {
  const ada = { email: "ada@wattpost.example", password: "a long sentence" };
  const read = (value: unknown) => readAccounts(JSON.stringify(value));
  deepStrictEqual(read(ada), { ok: true, value: [ada] });
  deepStrictEqual(read([ada, ada]), { ok: true, value: [ada, ada] });
  for (const wrong of [{ email: ada.email }, [], [ada, 7], { ...ada, password: "" }]) {
    const answer = read(wrong);
    strictEqual(answer.ok, false);
    strictEqual(JSON.stringify(answer).includes("sentence"), false);
  }
  deepStrictEqual(readAccounts("{"), { ok: false, error: "no JSON" });
});

Deno.test("importsIn() finds what a script loads at once and later, as bundlers write it", () => {
  const script = 'import{a as b}from"./chunk-1.js";import"./chunk-2.js";x=()=>import("./canvas-3.js");' +
    'import { c } from "../other/4.js";const text="./no.js";import("https://elsewhere.example/5.js")';
  deepStrictEqual(importsIn(script, "/js/abc/island.js"), [
    "/js/abc/chunk-1.js",
    "/js/abc/chunk-2.js",
    "/js/abc/canvas-3.js",
    "/js/other/4.js",
  ]);
});

Deno.test("assetsIn() finds files of ours that a page asks for, and no links to pages", () => {
  const html = '<link rel="stylesheet" href="/css/a.css?v=1&amp;w=2"><script src="/js/b.js"></script>' +
    '<a href="/sites/7">Site</a><img src="https://elsewhere.example/c.png">';
  deepStrictEqual(assetsIn(html), ["/css/a.css?v=1&w=2", "/js/b.js"]);
});

Deno.test("headerFaults() names what an answer lacks", () => {
  const faults = headerFaults({ headers: new Headers({ server: "nginx/1.22.1" }) }, { secure: true });
  deepStrictEqual(faults.includes("no x-frame-options"), true);
  deepStrictEqual(faults.includes("it tells what it is made of"), true);
  deepStrictEqual(faults.includes("no strict-transport-security"), true);
});

function check(name: string, run: Check<null>["run"]): Check<null> {
  return { name, about: name, run };
}

async function runAll(checks: readonly Check<null>[]) {
  return await runChecks(checks, {
    context: null,
    clock: manualClock(0),
    withinMs: 60_000,
    onChecked: () => {},
  });
}

Deno.test("runChecks() asks nothing more where the first check fails, and goes on where a later one breaks", async () => {
  const good = check("good", () => Promise.resolve(pass("it is")));
  const dead = check("alive", () => Promise.resolve(fail("it is not", "start it")));
  const broken = check("broken", () => Promise.reject(new Error("oh")));
  deepStrictEqual((await runAll([dead, good])).map(({ verdict }) => verdict), ["fail", "not-run"]);
  const went = await runAll([good, broken, good]);
  deepStrictEqual(went.map(({ verdict }) => verdict), ["pass", "fail", "pass"]);
  match(went[1]?.evidence ?? "", /The check broke: oh/);
});

Deno.test("what was not run is no pass: it is counted, and fails where every check has to run", () => {
  const done = [pass("a"), warn("b", "look"), notRun("c", "name it")]
    .map((outcome, i) => ({ ...outcome, name: `check ${i}`, tookMs: 12 }));
  strictEqual(checkedSum(done), "1 of 3 passed, 1 passed with a warning, 1 not run, which is no pass");
  strictEqual(exitOf(done, { whole: false }), 0);
  strictEqual(exitOf(done, { whole: true }), 1);
  const [first, second] = done.map(checkedLine);
  strictEqual(first, "pass    check 0           12 ms  a");
  match(second ?? "", /^WARN {4}check 1 +12 ms {2}b\n {33}look$/);
});

Deno.test("what an answer says of itself moves nothing on the terminal of whoever reads the table", () => {
  const evidence = "it answers \u001b]0;all is well\u0007\u001b[2J\u202e, in two\n\tlines";
  const line = checkedLine({ ...fail(evidence, "look"), name: "app", tookMs: 1 });
  match(line, /it answers \ufffd\]0;all is well\ufffd\ufffd\[2J\ufffd, in two\n\tlines/);
});
