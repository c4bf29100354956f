/**
 * Tests devices of an import: those of ticked rows, or of all good ones.
 *
 * @module
 */

import { HttpError } from "fresh";
import { countRows } from "../../../../../../lib/domain/site_import.ts";
import { SHEET_LIMITS } from "../../../../../../lib/domain/site_sheet.ts";
import type { Limit } from "../../../../../../lib/kv/limits.ts";
import { TEST_FIELD } from "../../../../../../lib/ui/pages/imports/ImportRows.tsx";
import { requireBody } from "../../../../../../lib/web/form.ts";
import { testImport } from "../../../../../../lib/web/imports/test_import.ts";
import {
  deskOf,
  importPath,
  openImport,
  workKey,
} from "../../../../../../lib/web/pages/imports/open_import.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../lib/web/too_many.ts";

/** Runs of tests of one person: 20 in ten minutes, each tests four devices at once. */
const RUNS: Limit = { name: "import-test", tries: 20, windowMs: 600_000 };

export const handler = define.handlers({
  async POST(ctx) {
    const open = await openImport(ctx);
    const form = await requireBody(ctx);
    const { record, services, works } = open;
    const path = importPath(record.id);
    const rows = rowsIn(form);
    if (record.state !== "judged") return redirectTo(`${path}?told=gone`);
    if (rows?.size === 0) return redirectTo(`${path}?told=none`);
    await countPerson(ctx.state, RUNS);
    const { good, warn } = countRows(record.letters);
    const of = rows === null ? good + warn : rows.size;
    const desk = { ...deskOf(ctx.state), prober: services.prober };
    const begun = works.begin({
      ...workKey(open),
      kind: "test",
      of,
      run: (tools) => testImport(desk, { record, rows }, tools),
    });
    if (!begun.ok) return redirectTo(`${path}?told=busy`);
    return redirectTo(path);
  },
});

/** The ticked rows; `null`: all of them. */
function rowsIn(form: URLSearchParams): ReadonlySet<number> | null {
  const which = form.get("which");
  const known = [...form.keys()].every((name) => name === "which" || name === TEST_FIELD);
  if (!known || (which !== "all" && which !== "ticked")) throw new HttpError(422);
  if (which === "all") return null;
  const rows = new Set(form.getAll(TEST_FIELD).map(Number));
  if (rows.size > SHEET_LIMITS.rows || [...rows].some((row) => !Number.isInteger(row) || row < 1)) {
    throw new HttpError(422);
  }
  return rows;
}
