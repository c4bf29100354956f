/**
 * The audit trail: entries of all kinds with hostile texts, and nothing found.
 *
 * @module
 */

import { AuditPage, type AuditPageProps, type AuditRow } from "../../lib/ui/pages/AuditPage.tsx";
import { framed, type Specimen } from "./frame.tsx";

const ROW: AuditRow = {
  id: 1,
  seq: 1_204,
  at: "2026-11-25 10:47:02",
  actor: "priya.nair@northfold.example",
  action: "sign in",
  tone: undefined,
  subject: "user 3",
  siteHref: null,
  origin: "2001:db8:85a3::8a2e:370:7334",
  requestId: "k3VbQ0aZx1",
  changes: [],
  moreChanges: 0,
};

const ROWS: readonly AuditRow[] = [
  ROW,
  {
    ...ROW,
    id: 2,
    seq: 1_203,
    action: "site changed",
    subject: "site 17",
    siteHref: "/sites/17",
    changes: [
      { name: "name", was: "Tampere Hervanta", is: '<script>alert("1")</script> Hervanta' },
      { name: "groupId", was: null, is: "4" },
      { name: "router.password", was: "•••", is: "•••••" },
    ],
  },
  { ...ROW, id: 3, seq: 1_202, action: "refused", tone: "warn", subject: "settings.change" },
  {
    ...ROW,
    id: 4,
    seq: null,
    actor: `${"long.name.".repeat(12)}@northfold.example`,
    action: "setting changed",
    subject: "setting networks",
    requestId: null,
    origin: "command line",
    changes: [
      { name: "allowed.0", was: "10.8.0.0/16", is: null },
      { name: "note", was: null, is: "averyverylongwordwithoutanyspace".repeat(5) },
    ],
    moreChanges: 12,
  },
];

const PAGE: AuditPageProps = {
  filter: { q: "", action: "", from: "", to: "", site: "" },
  actions: ["sign-in", "sign-in-refused", "site-changed"],
  rows: ROWS,
  firstHref: null,
  nextHref: "/admin/audit?below=4",
  lookedBackTo: null,
  csvHref: "/admin/audit.csv",
};

const NOTHING: AuditPageProps = {
  ...PAGE,
  filter: { q: "nobody", action: "sign-in", from: "2026-11-01", to: "2026-11-25", site: "17" },
  rows: [],
  firstHref: "/admin/audit",
  lookedBackTo: "2026-03-01 12:00:00",
};

/** All of them. */
export function auditSpecimens(): readonly Specimen[] {
  return [
    { name: "audit", title: "Audit", body: framed("none", <AuditPage {...PAGE} />) },
    { name: "audit-none", title: "Audit", body: framed("none", <AuditPage {...NOTHING} />) },
  ];
}
