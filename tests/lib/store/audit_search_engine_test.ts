import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { appendAudit } from "../../../lib/store/audit.ts";
import { type AuditQuery, LOOKED_MAX, searchAudit } from "../../../lib/store/audit_search.ts";
import { auditCsvPieces } from "../../../lib/web/pages/audit_csv.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEngines, onEveryEngine } from "./engines.ts";

const NOW = Date.UTC(2026, 10, 25);
const DAY = 86_400_000;
const ALL: AuditQuery = {
  text: "",
  action: null,
  siteId: null,
  fromMs: null,
  toMs: null,
  below: null,
  limit: 50,
};

onEveryEngine("searchAudit() finds by who, what, where and when, the newest first, in pages", async (db) => {
  for (let i = 0; i < 12; i++) {
    const by = authorAt(NOW + i * DAY, { actor: i % 2 === 0 ? "Ana@example.org" : "bo@example.org" });
    const entry = { action: i % 3 === 0 ? "export" : "site-changed", subject: `site ${i}`, siteId: i };
    await appendAudit(db, by, { ...entry, after: { name: "50%_off!" } });
  }
  const sites = async (query: Partial<AuditQuery>) =>
    (await searchAudit(db, { ...ALL, ...query })).entries.map(({ siteId }) => siteId);
  deepStrictEqual(await sites({}), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  deepStrictEqual(await sites({ text: "ANA@" }), [10, 8, 6, 4, 2, 0]);
  deepStrictEqual(await sites({ text: "%" }), []);
  deepStrictEqual(await sites({ text: "site 1" }), [11, 10, 1]);
  deepStrictEqual(await sites({ action: "export", siteId: 9 }), [9]);
  deepStrictEqual(await sites({ fromMs: NOW + 3 * DAY, toMs: NOW + 5 * DAY }), [4, 3]);
  deepStrictEqual(await sites({ fromMs: NOW + 99 * DAY }), []);
  deepStrictEqual(await sites({ toMs: NOW }), []);
  const first = await searchAudit(db, { ...ALL, limit: 5 });
  strictEqual(first.entries.length, 5);
  const second = await searchAudit(db, { ...ALL, limit: 7, below: first.next });
  deepStrictEqual([second.entries.length, second.next, second.entries.at(-1)?.siteId], [7, null, 0]);
});

onEngines(
  ["sqlite", "mysql"],
  "searchAudit() looks at so many entries and says how far it came",
  async (db) => {
    const row = { actor: "x", action: "export", origin: "o", before_json: null, after_json: null };
    const rows = Array.from({ length: LOOKED_MAX + 10 }, (_, i) => ({
      ...row,
      at_ms: NOW + i * 1_000,
      subject: i === 0 ? "the first" : "another",
    }));
    for (let i = 0; i < rows.length; i += 2_000) {
      await db.kysely.insertInto("audit").values(rows.slice(i, i + 2_000)).execute();
    }
    const near = await searchAudit(db, { ...ALL, text: "the first" });
    deepStrictEqual([near.entries.length, near.lookedBackToMs], [0, NOW + 10_000]);
    const further = await searchAudit(db, { ...ALL, text: "the first", below: near.next });
    deepStrictEqual([further.entries.length, further.next, further.lookedBackToMs], [1, null, null]);
    const dated = await searchAudit(db, { ...ALL, text: "the first", toMs: NOW + 1_000 });
    strictEqual(dated.entries.length, 1, "days are found without looking at all that is younger");
  },
);

onEveryEngine("auditCsvPieces() writes what is looked for, harmless in a spreadsheet", async (db) => {
  for (let i = 0; i < 3; i++) {
    const by = authorAt(NOW + i, { actor: '=HYPERLINK("x")' });
    await appendAudit(db, by, {
      action: "export",
      subject: `site ${i}`,
      after: { token: "hunter2", a: "b,c" },
    });
  }
  const filter = { q: "site", action: "", from: "", to: "", site: "" };
  const lines = (await Array.fromAsync(auditCsvPieces(db, filter))).join("").trimEnd().split("\r\n");
  strictEqual(lines.length, 4);
  match(
    lines[1] ?? "",
    /^3,2026-11-25T00:00:00\.002Z,"'=HYPERLINK\(""x""\)",export,site 2,,203\.0\.113\.7,,,/,
  );
  ok(!lines.join().includes("hunter2"));
});
