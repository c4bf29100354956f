import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { FoundEntry } from "../../../../lib/store/audit_search.ts";
import {
  auditPageOf,
  auditQueryOf,
  auditSearchOf,
  changesOf,
  readAuditFilter,
  readBelow,
} from "../../../../lib/web/pages/audit_view.ts";

const NOTHING = { q: "", action: "", from: "", to: "", site: "" };

const ADDRESSES = [
  { name: "nothing", search: "", want: NOTHING },
  {
    name: "everything",
    search: "q=ana&action=sign-in&from=2026-11-01&to=2026-11-25&site=7",
    want: { q: "ana", action: "sign-in", from: "2026-11-01", to: "2026-11-25", site: "7" },
  },
  {
    name: "nonsense as nothing",
    search: "action=%3Cb%3E&from=2026-13-99&to=yesterday&site=-1&q=%00%E2%80%AE",
    want: NOTHING,
  },
];
for (const { name, search, want } of ADDRESSES) {
  Deno.test(`readAuditFilter() reads ${name}`, () =>
    deepStrictEqual(readAuditFilter(new URLSearchParams(search)), want));
}

Deno.test("auditQueryOf() takes the last day whole", () => {
  const query = auditQueryOf({ ...NOTHING, from: "2026-11-25", to: "2026-11-25", site: "7" }, {
    below: null,
    limit: 5,
  });
  deepStrictEqual([query.fromMs, query.toMs, query.siteId, query.action], [
    Date.UTC(2026, 10, 25),
    Date.UTC(2026, 10, 26),
    7,
    null,
  ]);
});

Deno.test("readBelow() takes an id and nothing else", () => {
  const cases = [["17", 17], ["0", null], ["-1", null], ["x", null], ["1e9", null]] as const;
  for (const [text, want] of cases) strictEqual(readBelow(new URLSearchParams({ below: text })), want);
});

Deno.test("changesOf() says what differs and leaves out what does not", () => {
  const before = JSON.stringify({ name: "A", town: "T", reach: { groupIds: [1, 2] } });
  const after = JSON.stringify({ name: "B", town: "T", reach: { groupIds: [1] }, password: "hunter2" });
  deepStrictEqual(changesOf({ beforeJson: before, afterJson: after }), {
    changes: [
      { name: "name", was: "A", is: "B" },
      { name: "reach.groupIds.1", was: "2", is: null },
      { name: "password", was: null, is: "•••" },
    ],
    more: 0,
  });
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`x${i}`, i])));
  const { changes, more } = changesOf({ beforeJson: null, afterJson: many });
  deepStrictEqual([changes.length, more], [40, 5]);
  deepStrictEqual(changesOf({ beforeJson: "{", afterJson: null }).changes, [{
    name: "",
    was: "{",
    is: null,
  }]);
  deepStrictEqual(changesOf({ beforeJson: null, afterJson: null }), { changes: [], more: 0 });
});

const ENTRY: FoundEntry = {
  id: 9,
  seq: 4,
  atMs: Date.UTC(2026, 10, 25, 9, 1, 2),
  actor: "ana@example.org",
  action: "sign-in-refused",
  subject: "user 7\u202E",
  siteId: 3,
  origin: "203.0.113.7",
  requestId: "abc",
  beforeJson: null,
  afterJson: null,
};

Deno.test("auditPageOf() keeps what is looked for on every way, and says how far it looked", () => {
  const filter = { ...NOTHING, q: "a b" };
  const found = { entries: [ENTRY], next: 5, lookedBackToMs: Date.UTC(2026, 0, 2) };
  const view = auditPageOf(found, { filter, below: 9, mayExport: true });
  deepStrictEqual([view.nextHref, view.firstHref, view.csvHref, view.lookedBackTo], [
    "/admin/audit?q=a+b&below=5",
    "/admin/audit?q=a+b",
    "/admin/audit.csv?q=a+b",
    "2026-01-02 00:00:00",
  ]);
  const [row] = view.rows;
  deepStrictEqual([row?.at, row?.action, row?.tone, row?.subject, row?.siteHref], [
    "2026-11-25 09:01:02",
    "sign in refused",
    "warn",
    "user 7�",
    "/sites/3",
  ]);
  const bare = auditPageOf({ ...found, next: null, lookedBackToMs: null }, {
    filter: NOTHING,
    below: null,
    mayExport: false,
  });
  ok(bare.csvHref === null && bare.nextHref === null && bare.firstHref === null);
  strictEqual(auditSearchOf(NOTHING), "");
});
