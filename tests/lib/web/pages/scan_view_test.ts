import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Finding, ScanReport } from "../../../../lib/domain/scan.ts";
import { scanPageProps } from "../../../../lib/web/pages/scan_view.ts";

const NOW = Date.UTC(2026, 10, 29, 12);

const FINDING: Finding = {
  check: "ports",
  id: "open-3306",
  severity: "high",
  what: "TCP port 3306 is open",
  where: "192.0.2.7",
  remedy: "Close it",
};

const REPORT: ScanReport = {
  atMs: NOW - 3_600_000,
  checks: [
    { name: "ports", notRun: null, looked: "192.0.2.7 from this machine", tookMs: 1 },
    { name: "web", notRun: "no session", looked: "the pages", tookMs: 1 },
  ],
  open: [FINDING],
  expired: [],
  accepted: [{ finding: FINDING, reason: "It is known and borne", until: "2026-11-29" }],
};

function shown(report: ScanReport, nowMs = NOW) {
  const { scan } = scanPageProps({ kind: "told", value: report }, nowMs);
  ok(scan);
  return scan;
}

Deno.test("scanPageProps() says what was looked at, and why something was not", () => {
  deepStrictEqual(shown(REPORT).checks, [
    { name: "ports", words: "192.0.2.7 from this machine", ran: true },
    { name: "web", words: "no session", ran: false },
  ]);
});

Deno.test("scanPageProps() moves what is accepted to what is not on the day after its last", () => {
  strictEqual(shown(REPORT).accepted[0]?.until, "Sun 29 Nov 2026");
  const later = shown(REPORT, NOW + 86_400_000);
  deepStrictEqual([later.accepted.length, later.expired.length], [0, 1]);
});

Deno.test("scanPageProps() says that a scan is old", () => {
  strictEqual(shown(REPORT).oldDays, null);
  strictEqual(shown({ ...REPORT, atMs: NOW - 40 * 86_400_000 }).oldDays, 40);
});

Deno.test("scanPageProps() says that there is none, and that it is not understood", () => {
  strictEqual(scanPageProps({ kind: "absent" }, NOW).trouble?.kind, "absent");
  const { trouble } = scanPageProps({ kind: "unreadable", why: "it is not JSON" }, NOW);
  match(JSON.stringify(trouble), /it is not JSON/);
});
