/**
 * The editor of a register map put together: as it is kept, as it was typed, and as JSON for the browser.
 *
 * @module
 */

import type { Asker } from "../../../domain/permission.ts";
import type { AddressNotation } from "../../../profiles/map_address.ts";
import type { EditorAnswer } from "../../../ui/pages/maps/answer.ts";
import type { MapEditorPageProps } from "../../../ui/pages/maps/MapEditorPage.tsx";
import type { MapFormProps } from "../../../ui/pages/maps/MapForm.tsx";
import type { Told } from "../../../ui/Told.tsx";
import type { State } from "../../state.ts";
import type { Acted } from "./editor_act.ts";
import { textsOfMap } from "./map_form.ts";
import { aroundMap, mapHref, type OpenMap } from "./open_map.ts";
import { listPlaces } from "./place.ts";

/** The page. */
export interface EditorPageProps {
  /** What stands around the form. */
  readonly around: MapEditorPageProps;
  /** The form. */
  readonly form: MapFormProps;
}

/** Where it is read and how it is shown. */
export interface EditorView {
  /** The device; empty: none. */
  readonly at: string;
  /** What is looked for among devices. */
  readonly find: string;
  /** How addresses are written. */
  readonly notation: AddressNotation;
  /** Told at the head. */
  readonly told: Told | null;
}

/** The editor as the map is kept. */
export async function keptEditor(
  state: State,
  { open, asker, view }: { readonly open: OpenMap; readonly asker: Asker; readonly view: EditorView },
): Promise<EditorPageProps> {
  const { head, rows } = textsOfMap(open.map, view.notation);
  const [around, places] = await Promise.all([
    aroundMap(state, { open, asker, told: view.told, at: view.at }),
    listPlaces(state, { asker, at: view.at, find: view.find }),
  ]);
  const href = mapHref(open.record.id);
  return {
    around,
    form: {
      action: href,
      tryAction: `${href}/try`,
      version: open.record.version,
      head,
      headFaults: {},
      rows: rows.map((row) => ({ ...row, faults: {}, live: null })),
      notation: view.notation,
      places: places.options,
      place: view.at,
      find: places.isCut ? view.find : null,
      read: null,
      unsaved: false,
    },
  };
}

/** The editor as it was typed, after something was done. */
export async function typedEditor(
  state: State,
  { open, asker, acted }: { readonly open: OpenMap; readonly asker: Asker; readonly acted: Acted },
): Promise<EditorPageProps> {
  const { at, find, notation, head } = acted.sent;
  const kept = await keptEditor(state, { open, asker, view: { at, find, notation, told: acted.told } });
  return {
    around: kept.around,
    form: {
      ...kept.form,
      version: acted.version,
      head,
      headFaults: acted.faults.head,
      rows: acted.rows.map((row) => ({
        ...row,
        faults: acted.faults.rows.get(row.id) ?? {},
        live: acted.cells.get(row.id) ?? null,
        added: row.id === acted.added,
      })),
      read: acted.read,
      unsaved: true,
    },
  };
}

/** The same for a browser that has the form already. */
export function answerOf({ sent, rows, faults, cells, read, told, version, saved }: Acted): EditorAnswer {
  const rewritten = sent.act === "show";
  return {
    version,
    saved,
    notation: sent.notation,
    headFaults: faults.head,
    rows: rows.flatMap(({ id, texts }) => {
      const [wrong, live] = [faults.rows.get(id), cells.get(id)];
      if (!wrong && !live && !rewritten) return [];
      return [{ id, faults: wrong ?? {}, live: live ?? null, texts: rewritten ? texts : null }];
    }),
    read,
    told,
  };
}
