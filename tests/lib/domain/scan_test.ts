import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Finding,
  FINDINGS_MAX,
  formatScanReport,
  judgeFindings,
  parseScanReport,
  readAcceptances,
  type ScanReport,
} from "../../../lib/domain/scan.ts";

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  check: "ports",
  id,
  severity: "low",
  what: "What",
  where: "192.0.2.7",
  remedy: "Remedy",
  ...more,
});

const REPORT: ScanReport = {
  atMs: 1_795_974_709_000,
  checks: [
    { name: "ports", notRun: null, looked: "192.0.2.7", tookMs: 6_400 },
    { name: "web", notRun: "no session", looked: "the pages", tookMs: 1 },
  ],
  open: [finding("a", { severity: "critical" })],
  expired: [{ finding: finding("b"), reason: "It was known for a while", until: "2026-01-01" }],
  accepted: [{ finding: finding("c"), reason: "It is known for a while", until: "2027-01-01" }],
};

Deno.test("parseScanReport() reads what formatScanReport() writes", () => {
  deepStrictEqual(parseScanReport(formatScanReport(REPORT)), { ok: true, value: REPORT });
});

Deno.test("formatScanReport() cuts what is too long or too much", () => {
  const open = Array.from(
    { length: FINDINGS_MAX + 9 },
    (_, n) => finding(`f${n}`, { what: "x".repeat(9_000) }),
  );
  const read = parseScanReport(formatScanReport({ ...REPORT, open }));
  ok(read.ok);
  strictEqual(read.value.open.length, FINDINGS_MAX);
  ok((read.value.open[0]?.what.length ?? 0) <= 400);
});

const BROKEN = [
  { name: "no JSON", text: "<html>" },
  { name: "another version", text: formatScanReport(REPORT).replace('"version": 1', '"version": 9') },
  { name: "a severity that is none", text: formatScanReport(REPORT).replace('"critical"', '"awful"') },
  {
    name: "findings that are no list",
    text: formatScanReport(REPORT).replace(/"open": \[[^\]]*\]/, '"open": {}'),
  },
  { name: "a day that is none", text: formatScanReport(REPORT).replace("2027-01-01", "soon") },
];
for (const { name, text } of BROKEN) {
  Deno.test(`parseScanReport() refuses ${name}`, () => strictEqual(parseScanReport(text).ok, false));
}

Deno.test("judgeFindings() puts the worst first", () => {
  const findings = [finding("a"), finding("b", { severity: "high" }), finding("c", { severity: "critical" })];
  const { open } = judgeFindings(findings, { acceptances: [], nowMs: 0 });
  deepStrictEqual(open.map(({ id }) => id), ["c", "b", "a"]);
});

const ENTRY = { check: "tls", id: "LUCKY13", reason: "Old routers need it for a while", until: "2027-01-31" };

const LISTS = [
  { name: "an entry with all it needs", list: [ENTRY], good: true },
  { name: "a place too", list: [{ ...ENTRY, where: "energy.example.com:443" }], good: true },
  { name: "no reason", list: [{ ...ENTRY, reason: "because" }], good: false },
  { name: "no last day", list: [{ ...ENTRY, until: "never" }], good: false },
  { name: "a day that is none", list: [{ ...ENTRY, until: "2027-13-41" }], good: false },
  { name: "a misspelt name", list: [{ ...ENTRY, were: "x" }], good: false },
  { name: "no id", list: [{ ...ENTRY, id: "" }], good: false },
  { name: "no list", list: ENTRY, good: false },
];
for (const { name, list, good } of LISTS) {
  Deno.test(`readAcceptances() ${good ? "takes" : "refuses"} ${name}`, () => {
    strictEqual(readAcceptances(JSON.stringify(list)).ok, good);
  });
}
