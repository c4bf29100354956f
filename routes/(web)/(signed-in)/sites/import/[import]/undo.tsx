/**
 * Asks once more, and takes an import back.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { forecastUndo, type NamedSite } from "../../../../../../lib/store/import_undo.ts";
import { moveImport } from "../../../../../../lib/store/site_imports.ts";
import {
  AskUndoPage,
  type AskUndoProps,
  type LeftSite,
  STOP_FIELD,
} from "../../../../../../lib/ui/pages/imports/ImportAskPages.tsx";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { letOthersWork, placesToUndo, undoImport } from "../../../../../../lib/web/imports/acts.ts";
import { UNDOABLE } from "../../../../../../lib/web/pages/imports/import_view.ts";
import {
  deskOf,
  importPath,
  type OpenImport,
  openImport,
  workKey,
} from "../../../../../../lib/web/pages/imports/open_import.ts";
import { tick } from "../../../../../../lib/web/pages/register/fields.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../../../lib/web/state.ts";
import { piecesOf } from "../../../../../../lib/store/ids.ts";

/** Sites that are named. */
const NAMED_MAX = 100;

/** Sites looked at at once. */
const SITES_AT_ONCE = 200;

export const handler = define.handlers({
  async GET(ctx) {
    const open = await openImport(ctx);
    const { record } = open;
    const path = importPath(record.id);
    if (!UNDOABLE.includes(record.state)) return redirectTo(`${path}?told=gone`);
    const { removed, read, changed, away } = await forecast(ctx.state, open);
    return page<AskUndoProps>({
      fileName: record.fileName,
      href: path,
      action: `${path}/undo`,
      removed,
      read: read.slice(0, NAMED_MAX).map(leftSite),
      readCount: read.length,
      changed: changed.slice(0, NAMED_MAX).map(leftSite),
      changedCount: changed.length + away,
    });
  },
  async POST(ctx) {
    const open = await openImport(ctx);
    const form = readForm<{ readonly [STOP_FIELD]: boolean }>(await requireBody(ctx), { [STOP_FIELD]: tick });
    if (!form.ok) throw new HttpError(422);
    const { record, services: { db }, works } = open;
    const path = importPath(record.id);
    if (!UNDOABLE.includes(record.state)) return redirectTo(`${path}?told=gone`);
    const desk = deskOf(ctx.state);
    const wish = { importId: record.id, stopsRead: form.value[STOP_FIELD] };
    const begun = works.begin({
      ...workKey(open),
      kind: "undo",
      of: (await placesToUndo(db, record.id)).length,
      async run(tools) {
        const step = { importId: record.id, from: UNDOABLE, to: "undoing" } as const;
        return await moveImport(db, authorOf(ctx.state), step)
          ? await undoImport(desk, wish, tools)
          : "stopped";
      },
    });
    return redirectTo(begun.ok ? path : `${path}?told=busy`);
  },
});

async function forecast({ base: { clock } }: State, { record, services: { db }, user }: OpenImport) {
  const { id: importId } = record;
  let [removed, away] = [0, 0];
  const read: NamedSite[] = [];
  const changed: NamedSite[] = [];
  for (const places of piecesOf(await placesToUndo(db, importId), SITES_AT_ONCE)) {
    const part = await forecastUndo(db, { importId, places, reach: user.reach, nowMs: clock.nowMs() });
    removed += part.removed;
    away += part.away;
    read.push(...part.read);
    changed.push(...part.changed);
    await letOthersWork();
  }
  return { removed, read, changed, away };
}

function leftSite({ id, name }: NamedSite): LeftSite {
  return { name, href: `/sites/${id}` };
}

export default define.page<typeof handler>(({ data }) => <AskUndoPage {...data} />);
