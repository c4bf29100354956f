import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { histogram } from "../../../../ops/lib/trial/histogram.ts";
import { isForTests, judgeLoad } from "../../../../ops/lib/trial/load_allowed.ts";
import { readLoadArguments } from "../../../../ops/lib/trial/load_arguments.ts";
import { budgetLines, msText, percentileLines, percentText } from "../../../../ops/lib/trial/load_budget.ts";
import { niceTop, stepsPath } from "../../../../ops/lib/trial/load_drawings.ts";
import { sitesIn } from "../../../../ops/lib/trial/answer_look.ts";
import { loadReport } from "../../../../ops/lib/trial/load_report.ts";
import { type LoadPlan, planTrouble } from "../../../../ops/lib/trial/load_plan.ts";
import { eventsOf, type StreamEvent } from "../../../../ops/lib/trial/stream_events.ts";
import { type Done, loadTally, SLOTS_MAX } from "../../../../ops/lib/trial/load_tally.ts";
import { seeded } from "../../../../ops/lib/trial/chance.ts";
import { loadText } from "../../../../ops/lib/trial/load_words.ts";

Deno.test("histogram() gives percentiles that are at most two hundredths above the truth", () => {
  const took = histogram();
  for (let ms = 1; ms <= 10_000; ms++) took.add(ms);
  for (const [share, truth] of [[50, 5_000], [95, 9_500], [99, 9_900], [100, 10_000]] as const) {
    const is = took.percentile(share);
    ok(is >= truth && is <= truth * 1.02, `${share}: ${is}`);
  }
  strictEqual(took.count, 10_000);
  strictEqual(took.maxMs, 10_000);
  strictEqual(histogram().percentile(95), 0);
});

const PRODUCTION = "https://energy.example.com";
const ALLOWED: readonly (readonly [string, string, string, string | null, boolean])[] = [
  ["this machine", "http://127.0.0.1:8000", "http://127.0.0.1:8000", null, true],
  ["this machine over IPv6", "http://[::1]:8000", "http://localhost:8000", null, true],
  ["a name that is nobody's", "https://wattpost.test", "https://wattpost.test", null, true],
  ["production", PRODUCTION, PRODUCTION, null, false],
  ["production behind loopback", "http://127.0.0.1:8000", PRODUCTION, null, false],
  ["an address of somebody's", "http://203.0.113.7", "http://203.0.113.7", null, false],
  ["production that was named twice", PRODUCTION, PRODUCTION, "energy.example.com", true],
  ["production where another host was named twice", PRODUCTION, PRODUCTION, "www.example.com", false],
];
for (const [name, origin, publicUrl, named, may] of ALLOWED) {
  Deno.test(`judgeLoad() ${may ? "lets load be put on" : "refuses"} ${name}`, () => {
    const judged = judgeLoad({ place: { kind: "url", origin }, publicUrl, named });
    strictEqual(judged.ok, may);
    if (!judged.ok) match(judged.error, /--yes-load \S+$/);
  });
}

Deno.test("judgeLoad() refuses production's socket, and isForTests() is not fooled by names that look like it", () => {
  const place = { kind: "socket", path: "/run/wattpost/blue.sock" } as const;
  strictEqual(judgeLoad({ place, publicUrl: PRODUCTION, named: null }).ok, false);
  for (
    const host of ["127.0.0.1.example.com", "localhost.example.com", "test", "mytest", "10.0.0.1", "::2"]
  ) {
    strictEqual(isForTests(host), false, host);
  }
});

const REFUSED: readonly (readonly [string, readonly string[]])[] = [
  ["no place", []],
  ["more people than are let", ["--url", "http://127.0.0.1", "--users", "501"]],
  ["more streams than are let", ["--url", "http://127.0.0.1", "--streams", "1001"]],
  ["a pace beyond the limit", ["--url", "http://127.0.0.1", "--at-most", "1001"]],
  ["more than an hour", ["--url", "http://127.0.0.1", "--seconds", "3601"]],
  ["a budget beyond all", ["--url", "http://127.0.0.1", "--budget", "101"]],
  ["words for a number", ["--url", "http://127.0.0.1", "--users", "many"]],
];
for (const [name, args] of REFUSED) {
  Deno.test(`readLoadArguments() refuses ${name} in words`, () => {
    const read = readLoadArguments(args);
    match(read.ok ? "" : read.error ?? "", /./);
  });
}

const PLAN: LoadPlan = {
  place: { kind: "url", origin: "http://127.0.0.1:8000" },
  publicUrl: "http://127.0.0.1:8000",
  ca: null,
  accounts: [{ email: "a@wattpost.example", password: "secret sentence" }],
  tokens: [],
  users: 1,
  programs: 0,
  streams: 32,
  writes: false,
  seconds: 60,
  thinkMs: 1_000,
  atMost: 100,
  seed: 1,
};

Deno.test("planTrouble() says which accounts and tokens are missing for what is asked", () => {
  strictEqual(planTrouble(PLAN), null);
  match(planTrouble({ ...PLAN, streams: 33 }) ?? "", /32 streams at most, so 1 accounts have 32 and not 33/);
  match(planTrouble({ ...PLAN, programs: 1 }) ?? "", /--tokens/);
  match(planTrouble({ ...PLAN, accounts: [] }) ?? "", /--accounts/);
  match(planTrouble({ ...PLAN, users: 0, streams: 0 }) ?? "", /Nobody would ask anything/);
});

function tallied(entries: readonly Partial<Done>[]) {
  const tally = loadTally(60_000);
  for (const entry of entries) {
    tally.add({ kind: "page", what: "Today", tookMs: 100, ending: { kind: "ok" }, atMs: 1_000, ...entry });
  }
  return tally;
}

Deno.test("budgetLines() holds failures and the slowest of each kind against the budget; what was held back is neither", () => {
  const failed = { kind: "failed", why: "status 502" } as const;
  const tally = tallied([
    ...Array.from({ length: 99 }, () => ({})),
    { ending: failed },
    { ending: { kind: "held-back" } },
    { kind: "API", what: "List of sites", tookMs: 1_500 },
  ]);
  const lines = budgetLines(tally, { failedPercent: 1, p95Ms: 1_000 });
  deepStrictEqual(lines.map(({ what, kept }) => [what, kept]), [
    ["Failed", true],
    ["Slowest page", true],
    ["Slowest of the API", false],
  ]);
  strictEqual(lines[0]?.is, "1 of 101, 0.99 %");
  strictEqual(budgetLines(tally, { failedPercent: 0.9, p95Ms: 1_000 })[0]?.kept, false);
  strictEqual(
    budgetLines(tallied([]), { failedPercent: 1, p95Ms: 1_000 })[0]?.kept,
    false,
    "nothing is no pass",
  );
  deepStrictEqual([...tally.whys], [["Today: status 502", 1]]);
});

Deno.test("loadTally() stays small: a day's load has as many stretches, rows and reasons as a minute's", () => {
  const tally = loadTally(86_400_000);
  ok(tally.slots.length <= SLOTS_MAX);
  for (let i = 0; i < 1_000; i++) {
    const ending = { kind: "failed", why: `reason ${i}` } as const;
    tally.add({ kind: "page", what: `page ${i}`, tookMs: 1, ending, atMs: i * 1_000_000 });
  }
  ok(tally.rows.size <= 41 && tally.whys.size <= 31);
  strictEqual(percentileLines(tally).reduce((sum, { failed }) => sum + failed, 0), 1_000);
});

Deno.test("msText(), percentText() and niceTop() give numbers that people read", () => {
  deepStrictEqual([0, 1.234, 12.6, 950, 12_345, null].map(msText), [
    "0",
    "1.2 ms",
    "13 ms",
    "950 ms",
    "12.3 s",
    "–",
  ]);
  deepStrictEqual([0, 0.1, 0.99, 0.0001].map(percentText), ["0", "0.1", "0.99", "below 0.001"]);
  deepStrictEqual([0, 3, 41, 77, 100].map(niceTop), [1, 4, 50, 80, 100]);
});

Deno.test("stepsPath() draws a step for each stretch and a gap where nothing was answered", () => {
  const path = stepsPath([1, 2, null, 1], { top: 2, filled: true });
  strictEqual(path, "M0 200V100H250V0H500V200ZM750 200V100H1000V200Z");
  strictEqual(stepsPath([null, null], { top: 1, filled: true }), "");
});

Deno.test("seeded() makes the same choices for the same seed", () => {
  const [one, other] = [seeded(7), seeded(7)];
  const drawn = Array.from({ length: 100 }, () => one());
  deepStrictEqual(drawn, Array.from({ length: 100 }, () => other()));
  ok(drawn.every((value) => value >= 0 && value < 1) && new Set(drawn).size > 95);
});

Deno.test("sitesIn() finds each site of a list once", () => {
  const html =
    '<a href="/sites/7">A</a><a href="/sites/7">again</a><a href="/sites/12">B</a><a href="/sites/new">C</a>';
  deepStrictEqual(sitesIn(html), ["/sites/7", "/sites/12"]);
});

Deno.test("eventsOf() reads events that arrive in pieces, and ends when it is told to although nothing more comes", async () => {
  const stop = new AbortController();
  const pieces = ["retry: 3000\nid: 4\nevent: hel", "lo\ndata: {}\n\nid: 5\nevent: stored\ndata", ": {}\n\n"];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
    },
  });
  const seen: StreamEvent[] = [];
  for await (const event of eventsOf(body, stop.signal)) {
    seen.push(event);
    if (seen.length === 2) stop.abort();
  }
  deepStrictEqual(seen, [
    { name: "hello", id: "4", retryMs: 3_000 },
    { name: "stored", id: "5", retryMs: null },
  ]);
});

Deno.test("loadReport() is a page that runs and fetches nothing, holds no secret, and escapes what the product said", () => {
  const tally = tallied([{}, { ending: { kind: "failed", why: "<script>alert(1)</script>" } }]);
  const end = { plan: PLAN, tally, beganMs: Date.UTC(2026, 10, 2, 10, 30), tookMs: 60_000, stopped: false };
  const budget = budgetLines(tally, { failedPercent: 0.1, p95Ms: 1_000 });
  const html = loadReport(end, { budget, p95Ms: 1_000, tokensCss: ":root { --text: black; }" });
  doesNotMatch(html, /<script|https?:\/\/(?!127\.0\.0\.1)|url\(|@import|secret sentence|\son\w+=/);
  match(html, /default-src 'none'/);
  match(html, /Over budget/);
  match(html, /&lt;script&gt;alert/);
  match(html, /2026-11-02 10:30 UTC/);
  match(loadText(end, budget), /MISSED {2}Failed: 1 of 2, 50 % \(at most 0\.1 %\)/);
});
