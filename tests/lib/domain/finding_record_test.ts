import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Finding, findingKey } from "../../../lib/domain/finding.ts";
import {
  type Aside,
  type FindingRecord,
  findingStateOf,
  mergeFindings,
} from "../../../lib/domain/finding_record.ts";

const DAY_MS = 86_400_000;
const NIGHT = 1_000 * DAY_MS;
const EVIDENCE = { broken: 44, judged: 48 };
const REVERSED: Finding = { kind: "reversed", phases: [2], evidence: EVIDENCE };
const OTHER_PHASE: Finding = { kind: "reversed", phases: [3], evidence: EVIDENCE };
const LESS: Finding = { kind: "reversed", phases: [2], evidence: { broken: 30, judged: 48 } };

function asideUntil(untilMs: number | null): Aside {
  return { atMs: NIGHT - DAY_MS, userId: 3, reason: "PV on the roof", untilMs, key: findingKey(REVERSED) };
}

function recordOf(changed: Partial<FindingRecord> = {}): FindingRecord {
  return {
    meterId: 7,
    finding: REVERSED,
    firstMs: NIGHT - 3 * DAY_MS,
    lastMs: NIGHT - DAY_MS,
    clearedMs: null,
    aside: null,
    ...changed,
  };
}

interface Case {
  readonly name: string;
  readonly known: readonly FindingRecord[];
  readonly found: readonly Finding[];
  /** Whether the rule was looked at; default true. */
  readonly looked?: boolean;
  readonly want: {
    readonly state: string | null;
    readonly sinceDays?: number;
    readonly opened: number;
    readonly cleared: number;
  };
}

const CASES: readonly Case[] = [
  {
    name: "a first finding",
    known: [],
    found: [REVERSED],
    want: { state: "open", sinceDays: 0, opened: 1, cleared: 0 },
  },
  {
    name: "the same again",
    known: [recordOf()],
    found: [LESS],
    want: { state: "open", sinceDays: 3, opened: 0, cleared: 0 },
  },
  {
    name: "a rule that holds again",
    known: [recordOf()],
    found: [],
    want: { state: "cleared", sinceDays: 3, opened: 0, cleared: 1 },
  },
  {
    name: "a device that was silent all day",
    known: [recordOf()],
    found: [],
    looked: false,
    want: { state: null, opened: 0, cleared: 0 },
  },
  {
    name: "one that was cleared and holds",
    known: [recordOf({ clearedMs: NIGHT - DAY_MS })],
    found: [],
    want: { state: null, opened: 0, cleared: 0 },
  },
  {
    name: "one that comes back after it was cleared",
    known: [recordOf({ clearedMs: NIGHT - DAY_MS })],
    found: [REVERSED],
    want: { state: "open", sinceDays: 0, opened: 1, cleared: 0 },
  },
  {
    name: "one that was put aside",
    known: [recordOf({ aside: asideUntil(null) })],
    found: [LESS],
    want: { state: "aside", sinceDays: 3, opened: 0, cleared: 0 },
  },
  {
    name: "one that was put aside and is another now",
    known: [recordOf({ aside: asideUntil(null) })],
    found: [OTHER_PHASE],
    want: { state: "open", sinceDays: 3, opened: 1, cleared: 0 },
  },
  {
    name: "one that was put aside until tomorrow",
    known: [recordOf({ aside: asideUntil(NIGHT + 1) })],
    found: [REVERSED],
    want: { state: "aside", sinceDays: 3, opened: 0, cleared: 0 },
  },
  {
    name: "one that was put aside until now",
    known: [recordOf({ aside: asideUntil(NIGHT) })],
    found: [REVERSED],
    want: { state: "open", sinceDays: 3, opened: 0, cleared: 0 },
  },
  {
    name: "one that was put aside, cleared and is back within a month",
    known: [recordOf({ aside: asideUntil(null), clearedMs: NIGHT - 29 * DAY_MS })],
    found: [REVERSED],
    want: { state: "aside", sinceDays: 0, opened: 0, cleared: 0 },
  },
  {
    name: "one that was put aside, cleared and is back after a month",
    known: [recordOf({ aside: asideUntil(null), clearedMs: NIGHT - 30 * DAY_MS })],
    found: [REVERSED],
    want: { state: "open", sinceDays: 0, opened: 1, cleared: 0 },
  },
  {
    name: "one that was put aside and holds again",
    known: [recordOf({ aside: asideUntil(null) })],
    found: [],
    want: { state: "cleared", sinceDays: 3, opened: 0, cleared: 1 },
  },
];
for (const { name, known, found, looked = true, want } of CASES) {
  Deno.test(`mergeFindings() on ${name} leaves it ${want.state ?? "as it is"}`, () => {
    const result = { findings: found, looked: looked ? ["reversed" as const] : [] };
    const { records: [record], opened, cleared } = mergeFindings(known, result, { meterId: 7, nowMs: NIGHT });
    deepStrictEqual({
      state: record ? findingStateOf(record, NIGHT) : null,
      ...(record ? { sinceDays: (NIGHT - record.firstMs) / DAY_MS } : {}),
      opened: opened.length,
      cleared: cleared.length,
    }, want);
  });
}

Deno.test("mergeFindings() does the same when the night is repeated", () => {
  const result = { findings: [REVERSED], looked: ["reversed" as const] };
  const once = mergeFindings([], result, { meterId: 7, nowMs: NIGHT });
  const twice = mergeFindings(once.records, result, { meterId: 7, nowMs: NIGHT + 1 });
  deepStrictEqual(twice.records, [{ ...once.records[0], lastMs: NIGHT + 1 }]);
  strictEqual(twice.opened.length, 0);
});
