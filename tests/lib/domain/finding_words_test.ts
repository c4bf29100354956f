import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type Finding, FINDING_KINDS } from "../../../lib/domain/finding.ts";
import { findingTitle, findingWords, severityWord } from "../../../lib/domain/finding_words.ts";

const EVIDENCE = { broken: 44, judged: 48 };
const LIMITS = { lowV: 207, highV: 253.00000000000003 };

const CASES: readonly (readonly [Finding, string])[] = [
  [
    {
      kind: "word-order",
      order: "CDAB",
      now: "ABCD",
      doubtful: 15,
      looked: 18,
      example: { quantity: "frequencyHz", unit: "Hz", was: null, would: 50.02 },
    },
    "Looks like word order CDAB instead of ABCD; 15 of 18 values mean nothing now: frequencyHz would be 50.02 Hz instead of no value",
  ],
  [
    { kind: "word-order", order: "CDAB", now: "ABCD", doubtful: 1, looked: 1, example: null },
    "Looks like word order CDAB instead of ABCD; 1 of 1 values mean nothing now",
  ],
  [
    { kind: "unreadable", quantities: ["powerW", "importWh"], doubtful: 2, looked: 3 },
    "2 of 3 values mean nothing in any word order: powerW, importWh",
  ],
  [
    { kind: "frequency", frequencyHz: 1.2e-38, evidence: EVIDENCE },
    "Frequency was 1.2 × 10^-38 Hz, expected 49 to 51 or 59 to 61 Hz",
  ],
  [
    { kind: "voltage", phases: [{ phase: 1, value: 412 }], ...LIMITS, evidence: EVIDENCE },
    "Voltage of L1 was 412 V, expected 207 to 253 V",
  ],
  [{
    kind: "voltage",
    phases: [{ phase: 1, value: 0 }, { phase: 3, value: 90.25 }],
    ...LIMITS,
    evidence: EVIDENCE,
  }, "Voltage of L1 was 0 V and L3 was 90.25 V, expected 207 to 253 V"],
  [
    { kind: "line-to-line", phases: [{ phase: 2, value: 400 }], ...LIMITS, evidence: EVIDENCE },
    "Voltage of L2 was 400 V, which is line to line; expected 207 to 253 V line to neutral",
  ],
  [
    { kind: "power-sum", powerW: 6.6, sumW: 6_581.4, evidence: EVIDENCE },
    "Power was 6.6 W, but voltage, current and power factor make 6,581.4 W",
  ],
  [
    { kind: "over-ct", phases: [{ phase: 1, value: 500 }], primaryA: 250, evidence: EVIDENCE },
    "Current of L1 was 500 A on a CT of 250 A",
  ],
  [
    { kind: "unscaled", maxCurrentA: 4.2, secondaryA: 5, primaryA: 250, evidence: EVIDENCE },
    "Current never passed 4.2 A on a CT of 250:5 A: looks unscaled",
  ],
  [
    { kind: "reversed", phases: [2], evidence: EVIDENCE },
    "L2 flows against the other phases: CT reversed or on the wrong phase?",
  ],
  [
    { kind: "reversed", phases: [1, 2], evidence: EVIDENCE },
    "L1 and L2 flow against the other phases: CT reversed or on the wrong phase?",
  ],
  [
    { kind: "export", exportWh: 12_340, powerW: null, evidence: EVIDENCE },
    "Export grew by 12,340 Wh in a day where no generator is registered: CT reversed or on the wrong phase?",
  ],
  [
    { kind: "export", exportWh: 12_340, powerW: -6_600, evidence: EVIDENCE },
    "Power was −6,600 W where no generator is registered: CT reversed or on the wrong phase?",
  ],
  [
    { kind: "growth", grownWh: 3, expectedWh: 3_277.5, evidence: EVIDENCE },
    "The counter grew by 3 Wh in a half-hour in which power makes 3,277.5 Wh",
  ],
  [
    { kind: "meter-changed", quantity: "serial", read: "1204418", known: "1204417", registered: true },
    "Serial number 1204418 instead of 1204417, which was registered",
  ],
  [
    { kind: "meter-changed", quantity: "serial", read: "1204418", known: "1204417", registered: false },
    "Serial number 1204418 instead of 1204417, which was read first",
  ],
  [
    { kind: "firmware-changed", changes: [{ quantity: "firmware", read: "1.9", known: "1.8" }] },
    "firmware was 1.8 and is 1.9",
  ],
  [
    { kind: "settings-changed", changes: [{ quantity: "ctPrimaryA", read: "250", known: "100" }] },
    "ctPrimaryA was 100 and is 250",
  ],
];
for (const [finding, seen] of CASES) {
  Deno.test(`findingWords() says "${seen.slice(0, 60)}"`, () => {
    const words = findingWords(finding, (quantity) => quantity);
    strictEqual(words.seen, seen);
    match(words.advice, /^[A-Z].*[^.]$/);
    strictEqual(words.often, "evidence" in finding ? "in 44 of 48 readings" : null);
  });
}

Deno.test("findingTitle() and severityWord() have words for every kind, each its own", () => {
  const titles = FINDING_KINDS.map(findingTitle);
  deepStrictEqual(new Set(titles).size, FINDING_KINDS.length);
  for (const kind of FINDING_KINDS) match(severityWord(kind), /^[A-Z]/);
});
