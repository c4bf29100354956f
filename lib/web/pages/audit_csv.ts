/**
 * The audit trail as a file, a batch at a time and of bounded length.
 *
 * @module
 */

import { maskSecrets } from "../../domain/audit.ts";
import { type FoundEntry, searchAudit } from "../../store/audit_search.ts";
import type { Database } from "../../store/db.ts";
import { type CsvCell, csvText } from "../csv.ts";
import { type AuditFilter, auditQueryOf, parseTrace } from "./audit_view.ts";

/** Entries of one file at most. */
export const AUDIT_CSV_MAX = 100_000;

/** Entries read at once. */
const BATCH = 500;

/** Searches for one file at most: each looks at 20,000 entries, found or not. */
const SEARCHES_MAX = 2_000;

const HEAD: readonly CsvCell[] = [
  "entry",
  "time_utc",
  "who",
  "action",
  "subject",
  "site_id",
  "from",
  "request",
  "before",
  "after",
];

/** The file in pieces, the newest entry first; a file that had to end says so in its last row. */
export async function* auditCsvPieces(db: Database, filter: AuditFilter): AsyncGenerator<string> {
  yield csvText([HEAD]);
  let below: number | null = null;
  let rows = 0;
  for (let searches = 0; searches < SEARCHES_MAX && rows < AUDIT_CSV_MAX; searches++) {
    const limit = Math.min(BATCH, AUDIT_CSV_MAX - rows);
    const found = await searchAudit(db, auditQueryOf(filter, { below, limit }));
    yield csvText(found.entries.map(rowOf));
    rows += found.entries.length;
    if (found.next === null) return;
    below = found.next;
  }
  yield csvText([[null, null, null, "cut", `There is more: a file ends after ${rows} entries, choose days`]]);
}

function rowOf(entry: FoundEntry): readonly CsvCell[] {
  const traceOf = (json: string | null) =>
    json === null ? null : JSON.stringify(maskSecrets(parseTrace(json)));
  return [
    entry.seq,
    new Date(entry.atMs).toISOString(),
    entry.actor,
    entry.action,
    entry.subject,
    entry.siteId,
    entry.origin,
    entry.requestId,
    traceOf(entry.beforeJson),
    traceOf(entry.afterJson),
  ];
}
