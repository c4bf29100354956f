/**
 * Where many sites are brought in at once: a sheet is uploaded and judged.
 *
 * @module
 */

import { page } from "fresh";
import ImportUpload from "../../../../../islands/ImportUpload.tsx";
import type { Limit } from "../../../../../lib/kv/limits.ts";
import { SHEET_LIMITS } from "../../../../../lib/domain/site_sheet.ts";
import { createImport, IMPORTS_MAX } from "../../../../../lib/store/site_imports.ts";
import { ImportsPage } from "../../../../../lib/ui/pages/imports/ImportsPage.tsx";
import { FILE_FIELD } from "../../../../../lib/ui/pages/imports/UploadForm.tsx";
import type { Told } from "../../../../../lib/ui/Told.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { judgeImport, letOthersWork } from "../../../../../lib/web/imports/acts.ts";
import { type KnownSheet, knowSheet } from "../../../../../lib/web/imports/judge.ts";
import { readSheet } from "../../../../../lib/web/imports/read_file.ts";
import { readInTurn } from "../../../../../lib/web/imports/reading_turns.ts";
import { jsonAnswer, problemAnswer } from "../../../../../lib/web/json.ts";
import { type ImportsView, loadImportsView } from "../../../../../lib/web/pages/imports/imports_view.ts";
import {
  deskOf,
  importPath,
  IMPORTS_PATH,
  requireUser,
  worksIn,
} from "../../../../../lib/web/pages/imports/open_import.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../lib/web/too_many.ts";
import { requireUpload, type UploadTrouble } from "../../../../../lib/web/upload.ts";
import { err, ok, type Result } from "../../../../../lib/result.ts";

/** Uploads of one person: 30 in ten minutes. */
const UPLOADS: Limit = { name: "import", tries: 30, windowMs: 600_000 };

const TROUBLES: Readonly<Record<UploadTrouble, string>> = {
  "too-large": "The file has more than 5 MB: split it, sites stay together",
  "too-slow": "The file did not arrive within 30 s: save it as XLSX, which is smaller, or split it",
  "none": "Choose a file: CSV or XLSX",
};

const REMOVED: Told = { state: "good", title: "The import is forgotten", words: "No site was touched." };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.import");
    const told = ctx.url.searchParams.get("done") === "removed" ? REMOVED : null;
    return page<ImportsView>(await loadImportsView(ctx.state, { fault: null, told }));
  },
  async POST(ctx) {
    allow(ctx, "sites.import");
    await countPerson(ctx.state, UPLOADS);
    const isScript = ctx.req.headers.get("accept")?.includes("application/json") ?? false;
    const upload = await requireUpload(ctx, { field: FILE_FIELD, maxBytes: SHEET_LIMITS.fileBytes });
    const begun = upload.ok ? await begin(ctx.state, upload.value) : err(TROUBLES[upload.error]);
    if (!begun.ok) {
      if (isScript) return problemAnswer(422, begun.error);
      const view = await loadImportsView(ctx.state, { fault: begun.error, told: null });
      return page<ImportsView>(view, { status: 422 });
    }
    const to = importPath(begun.value);
    if (isScript) return jsonAnswer({ to });
    await worksIn(ctx.state).wait({ importId: begun.value, personId: requireUser(ctx.state).id });
    return redirectTo(to);
  },
});

/** Reads a sheet and begins to judge it; the import, or why there is none. */
async function begin(
  state: State,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<Result<number, string>> {
  const table = await readInTurn(servicesOf(state).db, {
    personId: requireUser(state).id,
    read: () => readSheet(bytes, letOthersWork),
  });
  if (table === null) return err("Other files are being read: wait a moment, then upload it again");
  if (!table.ok) return err(table.error.words);
  const sheet = knowSheet(table.value);
  if (!sheet.ok) return err(sheet.error.words);
  const { columns } = sheet.value;
  const ownerId = requireUser(state).id;
  const nowMs = state.base.clock.nowMs();
  const fileName = shownName(name);
  const made = await createImport(servicesOf(state).db, { ownerId, fileName, columns, nowMs });
  if (!made.ok) return err(`There are ${IMPORTS_MAX} imports of yours already: forget one first`);
  return judge(state, made.value, sheet.value);
}

function judge(state: State, importId: number, sheet: KnownSheet): Result<number, string> {
  const desk = deskOf(state);
  const begun = worksIn(state).begin({
    importId,
    personId: desk.user.id,
    kind: "judge",
    of: sheet.rows.length,
    run: (tools) => judgeImport(desk, { importId, sheet, tools }),
  });
  return begun.ok ? ok(importId) : err("Other imports are being worked on: wait for one to end");
}

/** A name without what cannot be shown. */
function shownName(name: string): string {
  const shown = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "").trim().slice(0, 120);
  return shown === "" ? "Sheet without a name" : shown;
}

export default define.page<typeof handler>(({ data: { fault, ...view } }) => (
  <ImportsPage {...view} upload={<ImportUpload action={IMPORTS_PATH} fault={fault} />} />
));
