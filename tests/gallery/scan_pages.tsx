/**
 * The page of the last scan: with findings of every sort, with none, and without a scan.
 *
 * @module
 */

import {
  type FindingRow,
  ScanPage,
  type ScanPageProps,
  type ShownScan,
} from "../../lib/ui/pages/ScanPage.tsx";
import type { Specimen } from "./frame.tsx";
import { administered } from "./people_pages.tsx";

const row = (key: string, more: Partial<FindingRow> = {}): FindingRow => ({
  key,
  id: "ports open-3306",
  severity: "High",
  state: "critical",
  what: "TCP port 3306 (mysql) is open",
  where: "2001:db8:1111:2222:3333:4444:5555:6666",
  remedy: "ss -ltnp says which program listens; let it listen on loopback, or see deno task firewall plan",
  reason: null,
  until: null,
  ...more,
});

const SCAN: ShownScan = {
  at: "Sun 29 Nov 2026, 17:30 UTC",
  oldDays: 41,
  checks: [
    { name: "sshd", words: "settings of sshd on this machine", ran: true },
    { name: "ports", words: "2001:db8:1111:2222:3333:4444:5555:6666 from this machine", ran: true },
    { name: "web", words: "no session: name a file with its cookie with --cookie-file", ran: false },
  ],
  open: [
    row("1"),
    row("2", {
      id: "tls LUCKY13",
      severity: "Low",
      state: "info",
      what: "LUCKY13: potentially vulnerable, uses TLS CBC ciphers",
      where: "energy.northfold.example:443",
    }),
    row("5", {
      id: "web xss",
      what: "A page repeats what is typed into q without marking it up",
      where: `/sites?q=${"%22%3E%3Csvg%2Fonload".repeat(12)}`,
      remedy: `Look at ${"report".repeat(30)}`,
    }),
  ],
  expired: [
    row("3", {
      severity: "Medium",
      state: "warn",
      what: "The service mysql may write to its whole image",
      where: "compose.yaml mysql",
      id: "containers read-only",
      reason: "MySQL writes its socket below /var/run, which its image does not keep apart",
      until: "Sun 31 May 2026",
    }),
  ],
  accepted: [
    row("4", {
      severity: "Medium",
      state: "warn",
      what: "The service mysql keeps capabilities that it does not need",
      where: "compose.yaml mysql",
      id: "containers capabilities",
      reason: "MySQL's image begins as root to own its volume and becomes mysql then",
      until: "Mon 31 May 2027",
    }),
  ],
};

/** All of them. */
export function scanSpecimens(): readonly Specimen[] {
  const page = (name: string, props: ScanPageProps): Specimen => ({
    name,
    title: "Scan",
    body: administered("/admin/scan", <ScanPage {...props} />),
  });
  const none = { oldDays: null, open: [], expired: [], accepted: [] };
  return [
    page("scan", { scan: SCAN, trouble: null }),
    page("scan-clean", {
      scan: { ...SCAN, ...none, checks: SCAN.checks.filter(({ ran }) => ran) },
      trouble: null,
    }),
    page("scan-absent", { scan: null, trouble: { kind: "absent" } }),
    page("scan-unreadable", { scan: null, trouble: { kind: "unreadable", why: "it is not JSON" } }),
  ];
}
