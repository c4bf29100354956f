/**
 * The refused rows of an import, each with why, to be mended and uploaded again.
 *
 * @module
 */

import { writeDown } from "../../../../../../lib/web/author.ts";
import { fileNameOf } from "../../../../../../lib/web/csv.ts";
import { countExport } from "../../../../../../lib/web/export_limit.ts";
import { letOthersWork } from "../../../../../../lib/web/imports/acts.ts";
import { openImport } from "../../../../../../lib/web/pages/imports/open_import.ts";
import { refusedCsv } from "../../../../../../lib/web/pages/imports/refused_csv.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { record, services: { db } } = await openImport(ctx);
    await countExport(ctx.state);
    const text = await refusedCsv(db, record, letOthersWork);
    await writeDown(ctx.state, { action: "export", subject: `import ${record.id}` });
    const name = fileNameOf(record.fileName.replace(/\.(csv|xlsx)$/i, ""));
    return new Response(text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}-refused.csv"`,
      },
    });
  },
});
