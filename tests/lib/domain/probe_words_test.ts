import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { LiveValue } from "../../../lib/domain/live.ts";
import {
  blockWords,
  connectWords,
  type PathSeen,
  pathWords,
  plausibleWords,
  reportWords,
  scannedUnit,
  type UnitSeen,
  unitWords,
} from "../../../lib/domain/probe_words.ts";
import type { ProbeState, ProbeStepKind } from "../../../lib/domain/probe.ts";
import type { ReadingReason } from "../../../lib/domain/reading.ts";
import { err, ok } from "../../../lib/result.ts";

const PATH = { kind: "wifi", host: "192.0.2.7" } as const;

const PATHS: readonly { seen: PathSeen; state: string; words: string; advice: RegExp | null }[] = [
  { seen: { kind: "used" }, state: "good", words: "connected, and something answers", advice: null },
  {
    seen: { kind: "connected" },
    state: "good",
    words: "a TCP connection opens; nothing was asked over it",
    advice: null,
  },
  {
    seen: { kind: "quiet" },
    state: "warn",
    words: "a TCP connection opens, but nothing answers",
    advice: /forwarding/,
  },
  {
    seen: { kind: "failed", reason: "no-route" },
    state: "critical",
    words: "no way to the router",
    advice: /VPN or APN/,
  },
  {
    seen: { kind: "failed", reason: "connect-timeout" },
    state: "critical",
    words: "the router does not answer",
    advice: /SIM and its signal/,
  },
  {
    seen: { kind: "failed", reason: "address-not-allowed" },
    state: "critical",
    words: "the address is not allowed",
    advice: /on the Networks page/,
  },
  { seen: { kind: "skipped" }, state: "skipped", words: "not tried, the time was over", advice: null },
];
for (const { seen, state, words, advice } of PATHS) {
  const of = seen.kind === "failed" ? ` because of ${seen.reason}` : "";
  Deno.test(`pathWords() says that a path is ${seen.kind}${of}`, () => {
    const said = pathWords(PATH, seen);
    deepStrictEqual([said.state, said.seen], [state, `Wi-Fi 192.0.2.7: ${words}`]);
    if (advice === null) strictEqual(said.advice, null);
    else match(said.advice ?? "", advice);
  });
}

Deno.test("connectWords() says which path is used and why not the main one", () => {
  const connect = { path: PATH, port: 502, first: null };
  deepStrictEqual(connectWords(connect), {
    state: "good",
    seen: "Connected to 192.0.2.7, port 502",
    advice: null,
  });
  const backup = connectWords({ ...connect, first: "refused" });
  strictEqual(backup.state, "warn");
  match(backup.seen, /; the main path does not do: the router refuses the port$/);
  const none = connectWords({ path: null, port: 502, first: "address-not-allowed" });
  deepStrictEqual([none.state, none.seen], ["critical", "No connection over any path"]);
  match(none.advice ?? "", /Networks page/);
});

const failed = (reason: ReadingReason): UnitSeen => ({ kind: "failed", reason });
const fine = (unitId: number) => ({ unitId, answers: true });
const silent = (unitId: number) => ({ unitId, answers: false });

const UNITS: readonly {
  name: string;
  seen: UnitSeen;
  neighbours?: readonly { unitId: number; answers: boolean }[];
  kind?: "gateway" | "device" | "router";
  want: readonly [state: string, seen: string];
  advice: RegExp | null;
}[] = [
  { name: "a unit that answers", seen: { kind: "answers" }, want: ["good", "Unit 3 answers"], advice: null },
  {
    name: "a unit nobody could ask",
    seen: { kind: "skipped" },
    want: ["skipped", "Unit 3 was not asked: no connection"],
    advice: null,
  },
  {
    name: "a silent unit beside a fine one",
    seen: failed("unit-silent"),
    neighbours: [fine(4)],
    want: ["critical", "Router answers, unit 3 silent, unit 4 fine"],
    advice: /^Check wiring, address or power of unit 3$/,
  },
  {
    name: "two silent units beside two fine ones",
    seen: failed("response-timeout"),
    neighbours: [silent(5), fine(4), fine(9)],
    want: ["critical", "Router answers, units 3 and 5 silent, units 4 and 9 fine"],
    advice: /unit 3$/,
  },
  {
    name: "a line that is dead",
    seen: failed("unit-silent"),
    neighbours: [silent(4), silent(5)],
    want: ["critical", "Units 3, 4 and 5 silent"],
    advice: /serial line \(A, B\), its speed and parity/,
  },
  {
    name: "a silent unit alone behind a gateway",
    seen: failed("unit-silent"),
    want: ["critical", "Router answers, unit 3 silent"],
    advice: /unit number; a scan shows which units answer$/,
  },
  {
    name: "a silent device that is reached directly",
    seen: failed("response-timeout"),
    kind: "device",
    want: ["critical", "Unit 3 did not answer in time"],
    advice: /unit 1 or 255 alone$/,
  },
  {
    name: "exception 2",
    seen: failed("exception-2"),
    want: ["warn", "Unit 3 does not know the address (exception 2), so it is there"],
    advice: /profile fits the model/,
  },
  {
    name: "a test whose time is over",
    seen: failed("visit-deadline"),
    want: ["critical", "The time of the test was over before an answer came"],
    advice: /^Try again/,
  },
  {
    name: "garbage",
    seen: failed("bad-frame"),
    neighbours: [],
    want: ["critical", "The answer was garbled"],
    advice: /RTU over TCP/,
  },
];
for (const { name, seen, neighbours = [], kind = "gateway", want, advice } of UNITS) {
  Deno.test(`unitWords() says what to do about ${name}`, () => {
    const said = unitWords({ unitId: 3, seen, neighbours, kind });
    deepStrictEqual([said.state, said.seen], want);
    if (advice === null) strictEqual(said.advice, null);
    else match(said.advice ?? "", advice);
  });
}

Deno.test("blockWords() counts requests, registers and what failed", () => {
  const request = (address: number, reason: ReadingReason) => ({ address, count: 2, reason });
  strictEqual(
    blockWords({ requests: 1, registers: 80, failed: [] }, "").seen,
    "The request was answered, 80 registers",
  );
  strictEqual(
    blockWords({ requests: 3, registers: 1, failed: [] }, "").seen,
    "All 3 requests answered, 1 register",
  );
  const some = blockWords({ requests: 5, registers: 60, failed: [request(342, "exception-2")] }, "");
  deepStrictEqual(some, {
    state: "warn",
    seen:
      "4 of 5 requests answered, 60 registers; registers 342 to 343: the meter does not know the address (exception 2)",
    advice:
      "This model or its firmware does not have these registers: choose another profile, or correct its map",
  });
  const all = [1, 2, 3, 4, 5].map((address) => request(address, "response-timeout"));
  const none = blockWords({ requests: 5, registers: 0, failed: all }, "");
  strictEqual(none.state, "critical");
  match(none.seen, /, and 2 more$/);
  deepStrictEqual(blockWords(null, "Not read"), { state: "skipped", seen: "Not read", advice: null });
});

function value(over: Partial<LiveValue>): LiveValue {
  return {
    quantity: "voltageL1V",
    address: 0,
    words: "4366 0000",
    kind: "gauge",
    unit: "V",
    value: ok(230),
    tookMs: 40,
    ...over,
  };
}

const PLAUSIBLE = { values: [value({})], findings: [], betterOrder: null, fell: [] };

Deno.test("plausibleWords() of good values says who the device is, cut to what fits", () => {
  const text = { kind: "text", unit: "" } as const;
  const values = [
    value({}),
    value({ ...text, quantity: "serial", value: ok("81234567") }),
    value({ ...text, quantity: "operator", value: ok("O2") }),
    value({ ...text, quantity: "firmware", value: ok("😀".repeat(60)) }),
  ];
  const said = plausibleWords({ ...PLAUSIBLE, values }, "");
  deepStrictEqual(said, {
    state: "good",
    seen: `4 of 4 values believable; serial 81234567, firmware ${"😀".repeat(40)}…`,
    advice: null,
  });
});

Deno.test("plausibleWords() names values out of range with their registers", () => {
  const wrong = value({
    quantity: "frequencyHz",
    address: 70,
    words: "0000 4248",
    value: err("out-of-range"),
  });
  const said = plausibleWords({ ...PLAUSIBLE, values: [wrong, value({})], betterOrder: "ABCD" }, "");
  deepStrictEqual([said.state, said.seen], ["critical", "1 of 2 values believable"]);
  strictEqual(
    said.advice,
    "frequencyHz at 70 (0000 4248) is out of its range: word order, scale or profile may be wrong. " +
      "In the word order ABCD more values would fit",
  );
});

Deno.test("plausibleWords() names three values one by one and counts the others", () => {
  const values = Array.from({ length: 9 }, (_, i) => value({ address: i, value: err("not-a-number") }));
  const said = plausibleWords({ ...PLAUSIBLE, values }, "");
  strictEqual(said.state, "warn");
  match(said.advice ?? "", /voltageL1V at 2 .*\. 6 more like it$/);
});

Deno.test("plausibleWords() asks what the wiring checks ask, and doubts a counter that falls", () => {
  const findings = [{ kind: "reversed", phase: 2 }] as const;
  const said = plausibleWords({ ...PLAUSIBLE, findings }, "");
  strictEqual(said.state, "warn");
  match(said.advice ?? "", /^Phase 2 flows against the others: CT reversed/);
  const fell = plausibleWords({ ...PLAUSIBLE, fell: ["importWh"] }, "");
  deepStrictEqual([fell.state, fell.advice], [
    "critical",
    "importWh fell between two reads: is it a counter?",
  ]);
});

Deno.test("plausibleWords() leaves registers that were not read out of the count", () => {
  const values = [value({}), value({ words: "", value: err("exception-2") })];
  strictEqual(plausibleWords({ ...PLAUSIBLE, values }, "").seen, "1 of 1 value believable");
});

const SCANNED: readonly (readonly [reason: ReadingReason | null, said: string])[] = [
  [null, "answers: Answers function 4"],
  ["exception-2", "answers: Answers with exception 2"],
  ["unit-silent", "silent: Silent"],
  ["path-unavailable", "silent: Silent"],
  ["response-timeout", "silent: Silent"],
  ["closed", "silent: Silent"],
  ["bad-frame", "garbled: What came is no Modbus TCP"],
];
for (const [reason, said] of SCANNED) {
  Deno.test(`scannedUnit() calls ${reason ?? "registers"} ${said}`, () => {
    const { state, words } = scannedUnit({ unitId: 3, functionCode: 4, reason });
    strictEqual(`${state}: ${words}`, said);
  });
}

const step = (kind: ProbeStepKind, state: ProbeState) => ({
  kind,
  state,
  seen: `${kind} is ${state}`,
  advice: state === "good" ? null : `mend ${kind}`,
  beginsMs: 0,
  tookMs: 1,
});
const REPORTS: readonly { steps: readonly (readonly [ProbeStepKind, ProbeState])[]; want: string }[] = [
  { steps: [["path", "good"], ["unit", "good"], ["plausible", "good"]], want: "good: plausible is good" },
  {
    steps: [["path", "critical"], ["path", "good"], ["connect", "warn"], ["plausible", "good"]],
    want: "warn: connect is warn, mend connect",
  },
  {
    steps: [["path", "good"], ["path", "critical"], ["connect", "good"], ["plausible", "good"]],
    want: "warn: path is critical, mend path",
  },
  {
    steps: [["path", "critical"], ["connect", "critical"], ["unit", "skipped"], ["plausible", "skipped"]],
    want: "critical: connect is critical, mend connect",
  },
  {
    steps: [["unit", "warn"], ["block", "critical"], ["plausible", "skipped"]],
    want: "critical: block is critical, mend block",
  },
  {
    steps: [["unit", "good"], ["block", "skipped"], ["plausible", "skipped"]],
    want: "warn: plausible is skipped",
  },
  { steps: [], want: "warn: Nothing was tried" },
];
for (const { steps, want } of REPORTS) {
  Deno.test(`reportWords() calls a test of ${steps.length} steps ${want}`, () => {
    const { state, seen, advice } = reportWords({ steps: steps.map(([kind, how]) => step(kind, how)) });
    strictEqual(`${state}: ${seen}${advice === null ? "" : `, ${advice}`}`, want);
  });
}
