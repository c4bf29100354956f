/**
 * What the page shows where imports begin.
 *
 * @module
 */

import { SHEET_COLUMNS } from "../../../domain/site_sheet.ts";
import { type ImportRecord, listImports } from "../../../store/site_imports.ts";
import type { ImportListRow, ImportsPageProps } from "../../../ui/pages/imports/ImportsPage.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { servicesOf, type State } from "../../state.ts";
import { whenLabel } from "../account_view.ts";
import { fleetZone } from "../zone.ts";
import { importPath, requireUser } from "./open_import.ts";

/** The page but for its form, and why the last file was refused. */
export type ImportsView = Omit<ImportsPageProps, "upload"> & {
  /** `null`: it was not, or there was none. */
  readonly fault: string | null;
};

/** Puts the page together. */
export async function loadImportsView(
  state: State,
  { fault, told }: { readonly fault: string | null; readonly told: Told | null },
): Promise<ImportsView> {
  state.title = "Import sites";
  const { db } = servicesOf(state);
  const user = requireUser(state);
  const zone = await fleetZone(db, { reaches: [user.reach], nowMs: state.base.clock.nowMs() });
  const imports = await listImports(db, user.id);
  return {
    imports: imports.map((record) => rowOf(record, zone)),
    columns: SHEET_COLUMNS.map(({ heading, about, of }) => ({ heading, about, of })),
    told,
    fault,
  };
}

function rowOf(
  { id, fileName, state, letters, siteCount, createdMs }: ImportRecord,
  zone: string,
): ImportListRow {
  const removable = state === "judging" || state === "judged" || state === "undone";
  return {
    id,
    fileName,
    href: importPath(id),
    state,
    rows: letters.length,
    sites: siteCount,
    whenLabel: whenLabel(zone, createdMs),
    removeAction: removable ? `${importPath(id)}/remove` : null,
  };
}
